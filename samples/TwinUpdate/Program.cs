// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using System.Security.Cryptography.X509Certificates;
using System.Threading;

namespace nanoOta.Samples
{
    /// <summary>Updates by the twin of an Azure IoT hub, which the provisioning service names.</summary>
    public static class Program
    {
        private static Identity s_identity;

        /// <summary>Starts the agent beside the application.</summary>
        public static void Main()
        {
            // Whether the network is there or not, the agent starts: it is what takes back a version that cannot connect.
            bool isConnected = Network.Connect();
            Console.WriteLine(isConnected ? "network: connected, " + DateTime.UtcNow.ToString("o") : "network: not yet");

            X509Certificate roots = new X509Certificate(Certificates.Roots);
            s_identity = new Identity(Network.MacAddress(), roots, null);
            UpdateAgentOptions options = NativeFirmware.CreateOptions(typeof(Program).Assembly, s_identity.RegistrationId);
            options.SelfTest = report => Pump.Answers ? SelfTestResult.Passed : SelfTestResult.Failed;
            options.MayReboot = () => !Pump.IsRunning;
            options.Delta = new AssemblyDelta();
            TwinChannel channel = new TwinChannel(options, new HubConnection(options, s_identity.CreateClient));
            UpdateAgent agent = new UpdateAgent(options, channel, new HttpImageSource(options, roots));
            agent.StatusChanged += Show;
            agent.Start();

            Thread.Sleep(Timeout.Infinite);
        }

        // On the agent's thread: brief, and nothing that waits.
        private static void Show(object sender, UpdateStatus status)
        {
            Console.WriteLine("hub: " + (s_identity.Hub == null ? "not known yet" : s_identity.Hub + ", as " + s_identity.DeviceId));
            Console.WriteLine("update: " + status.Current + " runs, " + status.StateText + ", " + status.Progress.ToString() + " %");
            Console.WriteLine("update: last result " + ((int)status.LastCode).ToString());
        }
    }
}

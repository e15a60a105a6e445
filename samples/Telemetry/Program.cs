// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using nanoFramework.Azure.Devices.Client;

namespace nanoOta.Samples
{
    /// <summary>A device that sends its measurements over the connection that its updates come by, and proves who it is by a certificate.</summary>
    public static class Program
    {
        private const int SendMilliseconds = 60000;

        /// <summary>Starts the agent, and sends.</summary>
        public static void Main()
        {
            // Whether the network is there or not, the agent starts: it is what takes back a version that cannot connect.
            bool isConnected = Network.Connect();
            Console.WriteLine(isConnected ? "network: connected, " + DateTime.UtcNow.ToString("o") : "network: not yet");

            X509Certificate roots = new X509Certificate(Certificates.Roots);
            Identity identity = new Identity(Network.MacAddress(), roots);
            UpdateAgentOptions options = NativeFirmware.CreateOptions(typeof(Program).Assembly, identity.RegistrationId);
            options.SelfTest = report => Pump.Answers ? SelfTestResult.Passed : SelfTestResult.Failed;
            options.MayReboot = () => !Pump.IsRunning;
            options.Delta = new AssemblyDelta();
            HubConnection hub = new HubConnection(options, identity.CreateClient);
            UpdateAgent agent = new UpdateAgent(options, new TwinChannel(options, hub), new HttpImageSource(options, roots));
            agent.StatusChanged += Show;
            agent.Start();

            while (true)
            {
                Send(hub, "{\"running\":" + (Pump.IsRunning ? "true}" : "false}"));
                Thread.Sleep(SendMilliseconds);
            }
        }

        // The client is another one after each reconnection, so it is taken anew each time. There is none while the hub is not reached, and
        // none while an image is fetched on a board with room for one TLS session.
        private static void Send(HubConnection hub, string message)
        {
            DeviceClient client = hub.Client;
            try
            {
                if (client != null)
                {
                    // Without a token it does not wait for the hub's acknowledgement.
                    client.SendMessage(message);
                }

                Console.WriteLine(client != null ? "telemetry: sent" : "telemetry: no connection");
            }
            catch (Exception)
            {
                // The connection was closed meanwhile: the next message goes by the next one.
                Console.WriteLine("telemetry: lost");
            }
        }

        // On the agent's thread: brief, and nothing that waits.
        private static void Show(object sender, UpdateStatus status)
        {
            Console.WriteLine("update: " + status.Current + " runs, " + status.StateText + ", " + status.Progress.ToString() + " %");
            Console.WriteLine("update: last result " + ((int)status.LastCode).ToString());
        }
    }
}

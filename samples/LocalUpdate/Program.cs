// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using System.Security.Cryptography.X509Certificates;
using System.Threading;

namespace nanoOta.Samples
{
    /// <summary>Updates from a server in the house, without any cloud.</summary>
    public static class Program
    {
        /// <summary>Starts the agent beside the application.</summary>
        public static void Main()
        {
            // README.md shows what follows, as it stands here.
            X509Certificate root = new X509Certificate(Certificates.Root);
            UpdateAgentOptions options = NativeFirmware.CreateOptions(typeof(Program).Assembly, "washer-0042");
            options.SelfTest = report => Pump.Answers ? SelfTestResult.Passed : SelfTestResult.Failed;
            options.MayReboot = () => !Pump.IsRunning;
            options.Delta = new AssemblyDelta();
            HttpChannel channel = new HttpChannel(options, "https://updates.example/washer/latest.json", new HttpImageSource(options, root), 3600);
            UpdateAgent agent = new UpdateAgent(options, channel, new HttpImageSource(options, root));
            agent.StatusChanged += Show;
            agent.Start();
            // As far as this.

            Thread.Sleep(Timeout.Infinite);
        }

        // On the agent's thread: brief, and nothing that waits.
        private static void Show(object sender, UpdateStatus status)
        {
            Console.WriteLine("update: " + status.Current + " runs, " + status.StateText + ", " + status.Progress.ToString() + " %");
            Console.WriteLine("update: last result " + ((int)status.LastCode).ToString());
        }
    }
}

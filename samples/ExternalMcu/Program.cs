// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using System.Security.Cryptography.X509Certificates;
using System.Threading;

namespace nanoOta.Samples
{
    /// <summary>Updates the device's own firmware and that of a motor controller behind it, together or each alone.</summary>
    public static class Program
    {
        /// <summary>Starts the agent beside the application.</summary>
        public static void Main()
        {
            X509Certificate root = new X509Certificate(Certificates.Root);
            UpdateAgentOptions options = NativeFirmware.CreateOptions(typeof(Program).Assembly, "washer-0042");
            UpdateModule firmware = options.Modules[0];
            McuModule motor = Board.Motor();
            options.Modules = motor == null ? new UpdateModule[] { firmware } : new UpdateModule[] { firmware, motor };
            options.SelfTest = report => SelfTestResult.Passed;
            HttpChannel channel = new HttpChannel(options, "https://updates.example/washer/latest.json", new HttpImageSource(options, root), 3600);
            UpdateAgent agent = new UpdateAgent(options, channel, new HttpImageSource(options, root));
            agent.StatusChanged += Show;
            agent.Start();
            Thread.Sleep(Timeout.Infinite);
        }

        private static void Show(object sender, UpdateStatus status)
        {
            Console.WriteLine("update: " + status.Current + " runs, " + status.StateText + ", " + status.Progress.ToString() + " %");
            Console.WriteLine("update: components " + status.Components);
        }
    }
}

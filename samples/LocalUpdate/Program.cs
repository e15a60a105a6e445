// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using nanoFramework.Runtime.Native;

namespace nanoOta.Samples
{
    /// <summary>Updates from a server in the house, without any cloud.</summary>
    public static class Program
    {
        /// <summary>Starts the agent beside the application.</summary>
        public static void Main()
        {
            // README.md shows what follows, as it stands here.
            UpdateAgentOptions options = new UpdateAgentOptions
            {
                ApplicationVersion = SemanticVersion.FromAssembly(typeof(Program).Assembly.GetName().Version),
                Target = SystemInfo.TargetName,
                DeviceId = "washer-0042",
                Hasher = new ManagedHasher(),
                SelfTest = report => Pump.Answers ? SelfTestResult.Passed : SelfTestResult.Failed,
            };

            X509Certificate root = new X509Certificate(Certificates.Root);
            HttpImageSource files = new HttpImageSource(options, root);
            HttpChannel channel = new HttpChannel(
                options, "https://updates.example/washer/latest.json", new HttpImageSource(options, root), 3600);

            NativeSlots slots = new NativeSlots();
            options.Modules = new UpdateModule[] { new FirmwareModule(slots, options) };
            options.Journal = slots;
            UpdateAgent agent = new UpdateAgent(options, channel, files);
            agent.RebootRequested += (sender, e) => e.DelaySeconds = Pump.IsRunning ? 60 : 0;
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

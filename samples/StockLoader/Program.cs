// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using System.Security.Cryptography.X509Certificates;
using System.Threading;

namespace nanoOta.Samples
{
    /// <summary>The loader of a device with unmodified firmware: it holds the agent, and loads the application from the internal drive.</summary>
    public static class Program
    {
        private const string Root = "I:\\nanoota\\";

        // Bytes of the drive for two applications, and of the heap for what agent and application allocate: both are the board's.
        private const int Space = 192 * 1024;
        private const int HeapReserve = 32 * 1024;

        /// <summary>Boots, counts the boot of a trial, starts agent and application, and watches over the trial.</summary>
        public static void Main()
        {
            // First of all: it measures the heap that an application will have.
            AppFolders folders = new AppFolders(Root, Space, new ClrRuntime(), HeapReserve);
            UpdateAgentOptions options = folders.CreateOptions("washer-0042");

            // Your network comes up here: an update must be possible without any application.
            X509Certificate root = new X509Certificate(Certificates.Root);
            HttpChannel channel = new HttpChannel(options, "https://updates.example/washer/latest.json", new HttpImageSource(options, root), 3600);
            UpdateAgent agent = new UpdateAgent(options, channel, new HttpImageSource(options, root));
            agent.StatusChanged += Show;
            AppFolders.Agent = agent;
            agent.Start();

            Console.WriteLine(folders.Start() ? "loader: the application runs" : "loader: no application");
            folders.Watch(options.TrialSeconds + 60);
            Thread.Sleep(Timeout.Infinite);
        }

        // On the agent's thread: brief, and nothing that waits.
        private static void Show(object sender, UpdateStatus status)
        {
            Console.WriteLine("update: " + status.Current + " runs from " + status.Slot + ", " + status.StateText + ", " + status.Progress.ToString() + " %");
            Console.WriteLine("update: last result " + ((int)status.LastCode).ToString());
        }
    }
}

// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using System.Threading;

namespace nanoOta.Samples
{
    /// <summary>An application that a loader loads.</summary>
    public static class Program
    {
        private static bool s_works;

        /// <summary>Called by the loader, on a thread of the application's own.</summary>
        public static void Main()
        {
            // Early: a version on trial that sets no test is not confirmed.
            AppFolders.ApplicationTest = Test;
            AppFolders.ApplicationMayReboot = MayReboot;
            Version version = typeof(Program).Assembly.GetName().Version;
            while (true)
            {
                // What this device is for.
                Console.WriteLine("application " + SemanticVersion.FromAssembly(version) + " works");
                s_works = true;
                Thread.Sleep(10000);
            }
        }

        // On the agent's thread.
        private static SelfTestResult Test(SelfTestReport report)
        {
            return s_works ? SelfTestResult.Passed : SelfTestResult.Running;
        }

        // On the agent's thread, every ten seconds: false while the machine must not stop.
        private static bool MayReboot()
        {
            return true;
        }
    }
}

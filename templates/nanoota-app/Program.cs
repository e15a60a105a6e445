using System;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using nanoOta;

namespace NanoOtaApp
{
    public static class Program
    {
        public static void Main()
        {
            Network.Connect();

            UpdateAgentOptions options = NativeFirmware.CreateOptions(typeof(Program).Assembly, "device-0001");
            options.SelfTest = SelfTest;
            X509Certificate root = new X509Certificate(Certificates.Root);
            HttpChannel channel = new HttpChannel(options, "https://updates.example/latest.json", new HttpImageSource(options, root), 60);
            UpdateAgent agent = new UpdateAgent(options, channel, new HttpImageSource(options, root));
            agent.StatusChanged += (sender, status) => Console.WriteLine("update: " + status.Current + " runs, " + status.StateText + ", " + status.Progress.ToString() + " %");
            agent.Start();

            // Your application.
            while (true)
            {
                Console.WriteLine("Hello");
                Thread.Sleep(10000);
            }
        }

        // Called while a new version is on trial. Passed: the device does its work. Failed: it goes back to the version before.
        // Running: not known yet; it is asked again.
        private static SelfTestResult SelfTest(SelfTestReport report)
        {
            return SelfTestResult.Passed;
        }
    }
}

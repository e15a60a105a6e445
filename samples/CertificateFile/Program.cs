// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using System.IO;
using System.Security.Cryptography.X509Certificates;
using System.Threading;

namespace nanoOta.Samples
{
    /// <summary>A root certificate that is a file, and can be replaced by an update. What verifies the server is then what was updated.</summary>
    public static class Program
    {
        private const string CertificatePath = "I:\\root.pem";
        private const int LongestCertificate = 8192;

        /// <summary>Starts the agent beside the application.</summary>
        public static void Main()
        {
            UpdateAgentOptions options = NativeFirmware.CreateOptions(typeof(Program).Assembly, "washer-0042");
            FileModule certificate = new FileModule("ca", CertificatePath, LongestCertificate, "1.0.0");
            options.Modules = new UpdateModule[] { options.Modules[0], certificate };

            // During a trial this is the new one. A server that it does not verify is not reached, and without contact the trial fails:
            // a wrong certificate is taken back.
            X509Certificate root = new X509Certificate(File.ReadAllText(certificate.PathInUse));
            options.TrialNeedsContact = true;
            certificate.RebootsDevice = true;
            HttpChannel channel = new HttpChannel(options, "https://updates.example/washer/latest.json", new HttpImageSource(options, root), 3600);
            UpdateAgent agent = new UpdateAgent(options, channel, new HttpImageSource(options, root));
            agent.StatusChanged += Show;
            agent.Start();
            Thread.Sleep(Timeout.Infinite);
        }

        private static void Show(object sender, UpdateStatus status)
        {
            Console.WriteLine("update: " + status.Current + " runs, " + status.StateText);
            Console.WriteLine("update: components " + status.Components);
        }
    }
}

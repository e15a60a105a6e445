using System.Security.Cryptography.X509Certificates;
using nanoOta.Tool;
using nanoOta.Tool.Serving;

namespace nanoOta.Tests.Tool
{
    /// <summary>The test authority of a desk, when several commands want it at the same time.</summary>
    public sealed class TestCertificatesTests : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("nanoota-tests").FullName;

        private string LockPath => Path.Combine(_folder, TestCertificates.LockName);

        public void Dispose()
        {
            Directory.Delete(_folder, recursive: true);
        }

        [Fact]
        public void While_one_command_makes_the_authority_another_one_makes_none()
        {
            using (FileLock.Take(_folder, LockPath, TimeSpan.Zero))
            {
                Failure failure = Assert.Throws<Failure>(() => TestCertificates.In(_folder, TimeSpan.Zero));
                Assert.Equal(ExitCode.Conflict, failure.Code);
                Assert.Equal([TestCertificates.LockName], Directory.GetFiles(_folder).Select(Path.GetFileName));
            }

            string made = File.ReadAllText(TestCertificates.In(_folder, TimeSpan.Zero).AuthorityPath);

            // An authority that is there needs no lock.
            using IDisposable held = FileLock.Take(_folder, LockPath, TimeSpan.Zero);
            Assert.Equal(made, File.ReadAllText(TestCertificates.In(_folder, TimeSpan.Zero).AuthorityPath));
        }

        [Fact]
        public void Many_that_begin_together_have_one_authority()
        {
            const int Many = 8;
            using var start = new Barrier(Many);
            var seen = new string[Many];
            Thread[] threads = [.. Enumerable.Range(0, Many).Select(i => new Thread(() =>
            {
                start.SignalAndWait();
                TestCertificates certificates = TestCertificates.In(_folder);
                string authority = File.ReadAllText(certificates.AuthorityPath);
                try
                {
                    using X509Certificate2 issued = certificates.Issue();
                    seen[i] = authority;
                }
                catch (Failure failure)
                {
                    seen[i] = failure.Message;
                }
            }))];
            Array.ForEach(threads, thread => thread.Start());
            Array.ForEach(threads, thread => thread.Join());
            Assert.StartsWith("-----BEGIN CERTIFICATE-----", Assert.Single(seen.Distinct()));
        }
    }
}

extern alias StandIns;

using System.Text;
using StandIns::nanoOta.StandIns;

namespace nanoOta.Samples.Tests
{
    /// <summary>Here the device's own store is empty: what counts is the file.</summary>
    public sealed class CertificateFileTests : IDisposable
    {
        private const string Manifest = "washer/latest.json";

        private readonly SampleBench _bench = new("CertificateFile", "esp32-4mb", "updates.example");

        public CertificateFileTests()
        {
            DeviceCertificateStore.Roots = [];
            _bench.Provide(@"I:\root.pem", _bench.Server.Root);
        }

        public void Dispose() => _bench.Dispose();

        [Fact]
        public void Main_takes_a_new_certificate_and_confirms_it_once_the_server_was_reached_with_it()
        {
            _bench.Server.Publish(Manifest, "1.1.0", ("ca", "1.1.0", Encoding.ASCII.GetBytes(_bench.Server.Root + TestServer.Stranger())));

            _bench.RunUntilPrinted("""update: components {"ca":{"state":"idle","version":"1.1.0"}}""");

            Assert.Equal(1, _bench.Device.Reboots);
            Assert.Empty(_bench.Device.Uncaught);
            _bench.HasPrintedWhatItsReadmeShows();
        }

        [Fact]
        public void A_certificate_that_does_not_verify_the_server_is_taken_back()
        {
            _bench.Server.Publish(Manifest, "1.1.0", ("ca", "1.1.0", Encoding.ASCII.GetBytes(TestServer.Stranger())));

            _bench.RunUntil(() => _bench.Device.Reboots == 2);
            _bench.Server.Publish(Manifest, "1.2.0", ("ca", "1.2.0", Encoding.ASCII.GetBytes(_bench.Server.Root + "\n")));

            // The file before is back: with it the next one is fetched.
            _bench.RunUntilPrinted("""update: components {"ca":{"state":"idle","version":"1.2.0"}}""");
        }

        [Fact]
        public void Without_a_network_at_the_start_it_is_updated_once_there_is_one()
        {
            _bench.Server.Publish(Manifest, "1.1.0", ("ca", "1.1.0", Encoding.ASCII.GetBytes(_bench.Server.Root + "\n")));
            _bench.Network.IsThere = false;
            _bench.RunUntil(() =>
            {
                _bench.Network.IsThere |= _bench.Device.Clock.Elapsed > TimeSpan.FromMinutes(20);
                return _bench.Device.Console.LastOrDefault()?.Contains("""{"state":"idle","version":"1.1.0"}""") == true;
            });
        }
    }
}

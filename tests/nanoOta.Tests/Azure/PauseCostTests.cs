using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using nanoOta.Tests.Devices;
using nanoOta.VirtualDevice.Cloud;

namespace nanoOta.Tests.Azure
{
    /// <summary>
    /// What it costs to have one TLS session at a time. The figures are docs/twin.md's; to see them:
    /// <c>dotnet exec tests/nanoOta.Tests/bin/Release/net10.0/nanoOta.Tests.dll -class nanoOta.Tests.Azure.PauseCostTests -showLiveOutput</c>.
    /// </summary>
    public sealed class PauseCostTests(ITestOutputHelper output)
    {
        private const int Size = 1536 * 1024;

        // Some 20 KB a second.
        private const int MillisecondsOfRead = 205;

        private const int Latency = 50;

        [Fact]
        public async Task A_turn_of_the_channel_costs_seconds_and_kilobytes_and_there_are_few()
        {
            var hub = new LocalHub(ClientBench.Host, "virtual", ClientBench.Key) { Latency = Latency };
            var meter = new CountingHub(hub);
            DeviceCloud.Hub = meter;
            hub.Twin.ReplaceDesired($$"""{"updateVersion":"1.1.0","updateUrl":"{{Bench.Container}}"}""");
            var bench = new Bench();
            bench.Publish("1.1.0", ("deployment", "1.1.0", Bench.Deployment("1.1.0", Size)));
            bench.MakeChannel = options => new TwinChannel(options, new HubConnection(options, () => new DeviceClient(ClientBench.Host, "virtual", ClientBench.Key)));
            (double Seconds, long Bytes) read = default;
            List<(double Seconds, long Bytes)> turns = [];
            bench.Server.OnRead = _ =>
            {
                bench.Clock!.Skip(MillisecondsOfRead);
                read = (bench.Clock.Elapsed.TotalSeconds, meter.Bytes);
                return ResultCode.None;
            };
            bench.Server.OnOpen = (_, offset) =>
            {
                if (offset > 0)
                {
                    turns.Add((bench.Clock!.Elapsed.TotalSeconds - read.Seconds, meter.Bytes - read.Bytes));
                }

                return ResultCode.None;
            };
            bench.Run();
            Assert.Equal(ResultCode.Applied, bench.Status.LastCode);
            int handshake = await HandshakeBytes();
            output.WriteLine($"{Size / 1024} KiB at {4096 * 1000 / MillisecondsOfRead} bytes a second: {turns.Count} turn of the channel meanwhile, {hub.Connects} connections in all");
            output.WriteLine($"{turns[0].Seconds:F1} s at {2 * Latency} ms there and back, cryptography aside");
            output.WriteLine($"{turns[0].Bytes} bytes of MQTT and two TLS handshakes of {handshake} bytes");

            // At the start, one turn within the image, behind the image, and after the reboot.
            Assert.Single(turns);
            Assert.Equal(4, hub.Connects);
            Assert.InRange(turns[0].Seconds, 1.3, 2.5);
            Assert.InRange(turns[0].Bytes, 700, 3000);
            Assert.InRange(handshake, 2000, 3000);
        }

        // TLS 1.2 as a device speaks it, with a server that sends two RSA-2048 certificates, as those of Azure do.
        private static async Task<int> HandshakeBytes()
        {
            using var rootKey = RSA.Create(2048);
            using var middleKey = RSA.Create(2048);
            using var key = RSA.Create(2048);
            DateTimeOffset from = DateTimeOffset.UtcNow.AddDays(-1);
            DateTimeOffset to = from.AddYears(1);
            using X509Certificate2 root = Request("Root", rootKey).CreateSelfSigned(from, to);
            using X509Certificate2 middle = Request("Middle", middleKey).Create(root, from, to, [1]).CopyWithPrivateKey(middleKey);
            using X509Certificate2 bare = Request("Server", key).Create(middle, from, to, [2]).CopyWithPrivateKey(key);
            using X509Certificate2 leaf = X509CertificateLoader.LoadPkcs12(bare.Export(X509ContentType.Pkcs12), null);
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            using var client = new TcpClient();
            await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint, TestContext.Current.CancellationToken);
            using TcpClient accepted = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
            using var server = new SslStream(accepted.GetStream());
            using var counter = new CountingStream(client.GetStream());
            using var tls = new SslStream(counter);
            Task serves = server.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions
                {
                    ServerCertificateContext = SslStreamCertificateContext.Create(leaf, [middle], offline: true),
                    EnabledSslProtocols = SslProtocols.Tls12,
                },
                TestContext.Current.CancellationToken);
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = "server",
                    EnabledSslProtocols = SslProtocols.Tls12,
                    RemoteCertificateValidationCallback = (_, _, _, _) => true,
                },
                TestContext.Current.CancellationToken);
            await serves;
            return counter.Bytes;
        }

        private static CertificateRequest Request(string name, RSA key)
        {
            CertificateRequest request = new($"CN={name}, O=nanoOta", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(name != "Server", false, 0, true));
            return request;
        }

        private sealed class CountingStream(Stream stream) : Stream
        {
            public int Bytes { get; private set; }

            public override bool CanRead => true;

            public override bool CanSeek => false;

            public override bool CanWrite => true;

            public override long Length => throw new NotSupportedException();

            public override long Position
            {
                get => throw new NotSupportedException();
                set => throw new NotSupportedException();
            }

            public override void Flush() => stream.Flush();

            public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

            public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
            {
                int read = await stream.ReadAsync(buffer, cancellationToken);
                Bytes += read;
                return read;
            }

            public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

            public override void SetLength(long value) => throw new NotSupportedException();

            public override void Write(byte[] buffer, int offset, int count)
            {
                Bytes += count;
                stream.Write(buffer, offset, count);
            }

            public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
            {
                Bytes += buffer.Length;
                await stream.WriteAsync(buffer, cancellationToken);
            }
        }
    }
}

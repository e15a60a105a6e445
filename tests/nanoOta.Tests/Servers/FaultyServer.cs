using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace nanoOta.Tests.Servers
{
    /// <summary>A server of one update, 1.1.0, that answers requests for one of its files as the test says.</summary>
    public sealed class FaultyServer : IDisposable
    {
        /// <summary>The image's size: several blocks, and more than one checkpoint.</summary>
        public const int Size = 100_000;

        private const int MaxConnections = 200;

        private readonly ScriptedServer _server;
        private readonly Action<FaultyRequest> _fault;
        private readonly string _faultyPath;
        private int _requests;

        /// <summary>Starts it.</summary>
        /// <param name="fault">Answers each request for that file.</param>
        /// <param name="path">The file.</param>
        /// <param name="certificate">For https; null: http.</param>
        public FaultyServer(Action<FaultyRequest> fault, string path = "/v1_1_0.bin", X509Certificate2? certificate = null)
        {
            _fault = fault;
            _faultyPath = path;
            Image = Devices.Bench.Deployment("1.1.0", Size);
            string manifest = $$"""{"schema":1,"version":"1.1.0","components":[{"id":"deployment","version":"1.1.0","size":{{Size}},"sha256":"{{Convert.ToHexStringLower(SHA256.HashData(Image))}}","urls":["v1_1_0.bin"]}]}""";
            Manifest = Encoding.ASCII.GetBytes(manifest);
            _server = new ScriptedServer(certificate, [.. Enumerable.Repeat<Action<ServedConnection>>(Answer, MaxConnections)]);
        }

        /// <summary>The image.</summary>
        public byte[] Image { get; }

        /// <summary>The manifest.</summary>
        public byte[] Manifest { get; }

        /// <summary>Requests for the faulty file.</summary>
        public int Requests => Volatile.Read(ref _requests);

        /// <summary>Where the update lies, with a trailing slash.</summary>
        public string Url => _server.Url("/");

        /// <inheritdoc/>
        public void Dispose()
        {
            _server.Dispose();
        }

        private void Answer(ServedConnection connection)
        {
            string[] lines = connection.ReadHead().Split("\r\n");
            string path = lines[0].Split(' ')[1];
            string? range = lines.FirstOrDefault(line => line.StartsWith("Range: bytes=", StringComparison.Ordinal));
            int from = range == null ? 0 : int.Parse(range["Range: bytes=".Length..].TrimEnd('-'));
            var request = new FaultyRequest(connection, path.EndsWith(".json", StringComparison.Ordinal) ? Manifest : Image, from, 0);
            if (path == _faultyPath)
            {
                _fault(request with { Number = Interlocked.Increment(ref _requests) });
            }
            else if (path.StartsWith("/v1_1_0.", StringComparison.Ordinal))
            {
                request.Serve();
            }
            else
            {
                request.Status("404 Not Found");
            }
        }
    }

    /// <summary>A request for a file.</summary>
    /// <param name="Connection">The connection.</param>
    /// <param name="File">The file.</param>
    /// <param name="From">The first byte asked for.</param>
    /// <param name="Number">Which request for this file it is, from 1.</param>
    public sealed record FaultyRequest(ServedConnection Connection, byte[] File, int From, int Number)
    {
        /// <summary>Answers as it should be, or some of it.</summary>
        /// <param name="count">How many bytes; the rest is not sent.</param>
        /// <param name="tag">The ETag.</param>
        public void Serve(int count = int.MaxValue, string tag = "a")
        {
            string range = $"Content-Range: bytes {From}-{File.Length - 1}/{File.Length}\r\n";
            Head(From > 0 ? "206 Partial Content" : "200 OK", $"ETag: \"{tag}\"\r\n{(From > 0 ? range : "")}Content-Length: {File.Length - From}");
            Connection.Send(File[From..(int)Math.Min(File.Length, (long)From + count)]);
        }

        /// <summary>Sends the head of an answer.</summary>
        public void Head(string status, string headers)
        {
            Connection.Send($"HTTP/1.1 {status}\r\n{headers}\r\n\r\n");
        }

        /// <summary>Answers with a status alone.</summary>
        public void Status(string status, string headers = "")
        {
            Head(status, $"{headers}Content-Length: 0");
        }
    }
}

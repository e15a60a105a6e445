using System.Net;
using System.Net.Sockets;
using System.Text;

namespace nanoOta.VirtualDevice.Fuzzing
{
    /// <summary>The image source against a server on this machine that answers with the input.</summary>
    internal sealed class HttpTarget : IDisposable
    {
        private const int MaxRead = 65_536;

        private static readonly byte[][] _seeds =
        [
            .. new[]
            {
                "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nETag: \"abc\"\r\n\r\n0123456789",
                "HTTP/1.1 206 Partial Content\r\nContent-Length: 6\r\nContent-Range: bytes 4-9/10\r\nETag: \"abc\"\r\n\r\n456789",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n01234\r\n5\r\n56789\r\n0\r\n\r\n",
                "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 302 Found\r\nLocation: https://other.example/a\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.0 416 Range Not Satisfiable\r\nContent-Range: bytes */10\r\n\r\n",
            }.Select(Encoding.ASCII.GetBytes),
        ];

        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly HttpImageSource _source = new(new UpdateAgentOptions { AllowUnsignedHttp = true }, null);
        private readonly byte[] _buffer = new byte[4096];
        private readonly string _url;
        private volatile byte[] _answer = [];

        public HttpTarget()
        {
            _listener.Start();
            _url = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/v1.bin";
            new Thread(Serve) { IsBackground = true }.Start();
            Target = new FuzzTarget("http", 5, _seeds, Take);
        }

        public FuzzTarget Target { get; }

        public void Dispose()
        {
            _listener.Stop();
        }

        private void Take(byte[] input)
        {
            _answer = input;
            int offset = input.Length % 2 == 0 ? 0 : 4;
            ResultCode code = _source.Open(_url, offset, 0);
            int total = 0;
            while (code == ResultCode.None && total < MaxRead)
            {
                code = _source.Read(_buffer, 0, _buffer.Length, out int read);
                if (read < 0 || read > _buffer.Length)
                {
                    throw new FuzzException($"read {read} bytes into {_buffer.Length}");
                }

                total += read;
                if (read == 0)
                {
                    break;
                }
            }

            _source.Close();
            if (total > input.Length)
            {
                throw new FuzzException($"{total} bytes of a body came out of an answer of {input.Length}");
            }
        }

        private void Serve()
        {
            var request = new byte[2048];
            while (true)
            {
                try
                {
                    using Socket socket = _listener.AcceptSocket();
                    int length = 0;
                    while (!request.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
                    {
                        length += socket.Receive(request, length, request.Length - length, SocketFlags.None);
                    }

                    socket.Send(_answer);
                    socket.Shutdown(SocketShutdown.Send);
                }
                catch (SocketException) when (_listener.Server.IsBound)
                {
                    // The device hung up on what it was sent.
                }
                catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
                {
                    return;
                }
            }
        }
    }
}

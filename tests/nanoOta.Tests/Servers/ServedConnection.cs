using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace nanoOta.Tests.Servers
{
    /// <summary>One connection of a <see cref="ScriptedServer"/>, as its script sees it. Text is Latin-1.</summary>
    public sealed class ServedConnection
    {
        private readonly Socket _socket;
        private readonly Stream _stream;
        private readonly Action<string> _record;
        private readonly CancellationToken _stop;
        private bool _isCut;

        internal ServedConnection(Socket socket, Stream stream, Action<string> record, CancellationToken stop)
        {
            _socket = socket;
            _stream = stream;
            _record = record;
            _stop = stop;
        }

        /// <summary>The TLS stream, or null.</summary>
        public SslStream? Tls => _stream as SslStream;

        /// <summary>Reads up to and with the empty line.</summary>
        public string ReadHead()
        {
            StringBuilder head = new();
            while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
            {
                head.Append((char)ReadBody(1)[0]);
            }

            _record(head.ToString());
            return head.ToString();
        }

        /// <summary>Reads so many bytes.</summary>
        public byte[] ReadBody(int length)
        {
            byte[] body = new byte[length];
            _stream.ReadExactly(body);
            return body;
        }

        /// <summary>Sends, in one piece where the network allows.</summary>
        public void Send(byte[] bytes)
        {
            _stream.Write(bytes);
            _stream.Flush();
        }

        /// <inheritdoc cref="Send(byte[])"/>
        public void Send(string text) => Send(Encoding.Latin1.GetBytes(text));

        /// <summary>Lets time pass, but not beyond the end of the server.</summary>
        public void Wait(int milliseconds)
        {
            if (_stop.WaitHandle.WaitOne(milliseconds))
            {
                throw new OperationCanceledException();
            }
        }

        /// <summary>Waits until the client closes.</summary>
        public void WaitForEnd()
        {
            byte[] rest = new byte[256];
            while (_stream.Read(rest) > 0)
            {
            }
        }

        /// <summary>Ends the connection by a TCP reset.</summary>
        public void Reset()
        {
            _isCut = true;
            _socket.LingerState = new LingerOption(true, 0);
            _socket.Close();
        }

        /// <summary>Ends a TLS connection without its farewell, between two records or within one.</summary>
        public void CutTls(bool withinRecord)
        {
            _isCut = true;
            if (withinRecord)
            {
                // Application data of TLS 1.2, 64 bytes of it, and three of those.
                _socket.Send([0x17, 3, 3, 0, 64, 1, 2, 3]);
            }

            _socket.Shutdown(SocketShutdown.Send);
            _socket.Receive(new byte[1]);
        }

        /// <summary>Says farewell, and waits for the client: closing with unread bytes would reset the connection.</summary>
        internal void End()
        {
            if (_isCut)
            {
                return;
            }

            Tls?.ShutdownAsync().GetAwaiter().GetResult();
            _socket.Shutdown(SocketShutdown.Send);
            WaitForEnd();
        }
    }
}

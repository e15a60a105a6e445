extern alias Net;

using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using HostSocketException = Net::System.Net.Sockets.SocketException;

namespace nanoOta.StandIns
{
    /// <summary>A TCP connection, plain or under TLS, that fails as the device's streams do.</summary>
    internal sealed class Connection : IDisposable
    {
        // What the native half leaves as error code when its socket was closed under it: CLR_E_OBJECT_DISPOSED.
        private const SocketError ClosedUnderway = (SocketError)unchecked((int)0x99000000);

        private readonly Socket _socket;
        private readonly INetworkPeer? _peer;
        private SslStream? _tls;
        private byte[] _record = [];
        private int _recordStart;
        private int _recordEnd;
        private volatile bool _aborted;
        private bool _disposed;

        private Connection(INetworkPeer? peer)
        {
            _peer = peer;
            _socket = peer is null ? new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true } : null!;
        }

        /// <summary>Whether there is no network below: see <see cref="DeviceNetwork.Connect"/>.</summary>
        internal bool HasPeer => _peer is not null;

        internal int ReadTimeout { get; set; } = Timeout.Infinite;

        internal int WriteTimeout { get; set; } = Timeout.Infinite;

        /// <summary>Bytes that can be read without waiting: of TLS, those of the last record.</summary>
        internal int Available
        {
            get
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                return _peer?.Available ?? (_tls is null ? Guarded(() => _socket.Available) : _recordEnd - _recordStart);
            }
        }

        /// <summary>Finds, connects to and, for https, authenticates a server.</summary>
        /// <exception cref="WebException">No such host, no connection, or neither an IPv4 address nor a name.</exception>
        /// <exception cref="SocketException">The TLS handshake failed.</exception>
        internal static Connection Open(
            Uri url, System.Net.Security.SslProtocols protocols, SslVerification verification,
            System.Security.Cryptography.X509Certificates.X509Certificate? root)
        {
            if (DeviceNetwork.Connect is { } connect)
            {
                return OpenPeer(url, connect);
            }

            IPEndPoint address = Resolve(url);
            Connection connection = new(null);
            try
            {
                connection.Connect(address);
                NetworkMeter.CountConnection();
                if (url.Scheme == Uri.UriSchemeHttps)
                {
                    using Deadline deadline = new(connection, DeviceNetwork.ConnectTimeoutMilliseconds);
                    connection._tls = TlsHandshake.Run(
                        new NetworkStream(connection._socket), url.Host, protocols, verification, root);
                    connection._record = new byte[16 * 1024];
                }

                return connection;
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        }

        /// <summary>Waits for at least one byte, and returns with what there is.</summary>
        /// <returns>0 when the peer has closed.</returns>
        internal int Read(byte[] buffer, int offset, int count)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_peer is not null)
            {
                return Guarded(() => _peer.Read(buffer, offset, count));
            }

            if (_tls is null)
            {
                _socket.ReceiveTimeout = Math.Max(0, ReadTimeout);
                return Guarded(() => _socket.Receive(buffer, offset, count, SocketFlags.None));
            }

            if (_recordStart == _recordEnd)
            {
                _recordStart = 0;
                _recordEnd = Guarded(ReadRecord);
            }

            int taken = Math.Min(count, _recordEnd - _recordStart);
            Array.Copy(_record, _recordStart, buffer, offset, taken);
            _recordStart += taken;
            return taken;
        }

        internal void Write(byte[] buffer, int offset, int count)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_peer is not null)
            {
                Guarded(() =>
                {
                    _peer.Write(buffer, offset, count);
                    return count;
                });
                return;
            }

            _socket.SendTimeout = Math.Max(0, WriteTimeout);
            Guarded(() =>
            {
                if (_tls is null)
                {
                    return _socket.Send(buffer, offset, count, SocketFlags.None);
                }

                _tls.Write(buffer, offset, count);
                return count;
            });
        }

        /// <summary>Closes under whoever reads or writes: he fails with a SocketException.</summary>
        internal void Abort()
        {
            _aborted = true;
            Close();
        }

        public void Dispose()
        {
            _disposed = true;

            // Not the TLS stream: its farewell could block, and the device sends none that matters.
            Close();
        }

        private static Connection OpenPeer(Uri url, Func<Uri, INetworkPeer> connect)
        {
            try
            {
                Connection connection = new(connect(url));
                NetworkMeter.CountConnection();
                return connection;
            }
            catch (HostSocketException e)
            {
                throw ConnectFailure(e.SocketErrorCode);
            }
        }

        private void Close()
        {
            _peer?.Close();
            _socket?.Dispose();
        }

        private static IPEndPoint Resolve(Uri url)
        {
            if (DeviceNetwork.Find is { } find)
            {
                return find(url.Host, url.Port) ?? throw ConnectFailure(SocketError.HostNotFound);
            }

            if (url.HostNameType == UriHostNameType.IPv4)
            {
                return new IPEndPoint(IPAddress.Parse(url.Host), url.Port);
            }

            if (url.HostNameType != UriHostNameType.Dns)
            {
                throw new WebException("The host is neither an IPv4 address nor a name.");
            }

            try
            {
                using Net::System.Threading.CancellationTokenSource limit = new(DeviceNetwork.ConnectTimeoutMilliseconds);
                return new IPEndPoint(Dns.GetHostAddressesAsync(url.Host, AddressFamily.InterNetwork, limit.Token).GetAwaiter().GetResult()[0], url.Port);
            }
            catch (Exception e) when (e is HostSocketException or OperationCanceledException or ArgumentException)
            {
                throw ConnectFailure(e is HostSocketException known ? known.SocketErrorCode : SocketError.TimedOut);
            }
        }

        private static WebException ConnectFailure(SocketError error)
        {
            return new WebException("No connection.", new SocketException(error), WebExceptionStatus.ConnectFailure, null);
        }

        private void Connect(IPEndPoint address)
        {
            try
            {
                using Net::System.Threading.CancellationTokenSource limit = new(DeviceNetwork.ConnectTimeoutMilliseconds);
                _socket.ConnectAsync(address, limit.Token).AsTask().GetAwaiter().GetResult();
            }
            catch (Exception e) when (e is HostSocketException or OperationCanceledException)
            {
                throw ConnectFailure(e is HostSocketException known ? known.SocketErrorCode : SocketError.TimedOut);
            }
        }

        private int ReadRecord()
        {
            _socket.ReceiveTimeout = Math.Max(0, ReadTimeout);
            try
            {
                return _tls!.Read(_record, 0, _record.Length);
            }
            catch (IOException e) when (e.InnerException is null)
            {
                // The peer went away inside a record: for mbedTLS an end like any other.
                return 0;
            }
        }

        private int Guarded(Func<int> act)
        {
            try
            {
                return act();
            }
            catch (Exception e) when (e is HostSocketException or IOException or ObjectDisposedException)
            {
                throw new SocketException(_aborted ? ClosedUnderway : CodeOf(e));
            }
        }

        /// <summary>TLS keeps no code but that of a time-out.</summary>
        private SocketError CodeOf(Exception failure)
        {
            Exception? cause = failure;
            while (cause is not (null or HostSocketException))
            {
                cause = cause.InnerException;
            }

            SocketError code = (cause as HostSocketException)?.SocketErrorCode ?? SocketError.SocketError;
            return _tls is null || code == SocketError.TimedOut ? code : SocketError.SocketError;
        }
    }
}

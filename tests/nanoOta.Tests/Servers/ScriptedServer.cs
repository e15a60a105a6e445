using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace nanoOta.Tests.Servers
{
    /// <summary>
    /// A server on 127.0.0.1 that does byte for byte what its script says: one part of it for each connection, in order.
    /// A connection beyond the script is closed at once. Failures of the script come out of <see cref="Dispose"/>.
    /// </summary>
    public sealed class ScriptedServer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _stop = new();
        private readonly ConcurrentQueue<Exception> _failures = new();
        private readonly ConcurrentQueue<string> _heads = new();
        private readonly X509Certificate2? _certificate;
        private readonly Action<ServedConnection>[] _script;
        private readonly Task _work;
        private int _accepted;

        /// <summary>A plain server.</summary>
        public ScriptedServer(params Action<ServedConnection>[] script)
            : this(null, script)
        {
        }

        /// <summary>A TLS server when there is a certificate, with its key.</summary>
        public ScriptedServer(X509Certificate2? certificate, params Action<ServedConnection>[] script)
        {
            _certificate = certificate;
            _script = script;
            _listener.Start();
            _work = Task.Run(AcceptAsync);
        }

        /// <summary>The port.</summary>
        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        /// <summary>How many connections there were.</summary>
        public int Accepted => Volatile.Read(ref _accepted);

        /// <summary>The heads of the requests that the script read.</summary>
        public IReadOnlyCollection<string> Heads => _heads;

        /// <summary>Where the server is, by address.</summary>
        public string Url(string path = "/", string host = "127.0.0.1")
        {
            return $"{(_certificate is null ? "http" : "https")}://{host}:{Port}{path}";
        }

        /// <summary>A part of a script: reads the head of a request, sends this and closes.</summary>
        public static Action<ServedConnection> Answer(string response)
        {
            return connection =>
            {
                connection.ReadHead();
                connection.Send(response);
            };
        }

        /// <summary>A part of a script: as <see cref="Answer"/>, but leaves the connection open until the client closes it.</summary>
        public static Action<ServedConnection> AnswerAndHold(string response)
        {
            return connection =>
            {
                connection.ReadHead();
                connection.Send(response);
                connection.WaitForEnd();
            };
        }

        /// <summary>Stops, and throws what the script threw.</summary>
        public void Dispose()
        {
            _stop.Cancel();
            _work.GetAwaiter().GetResult();
            _listener.Stop();
            _stop.Dispose();
            if (!_failures.IsEmpty)
            {
                throw new AggregateException(_failures);
            }
        }

        private async Task AcceptAsync()
        {
            List<Task> connections = [];
            try
            {
                while (true)
                {
                    Socket socket = await _listener.AcceptSocketAsync(_stop.Token);
                    int number = Interlocked.Increment(ref _accepted);
                    connections.Add(Task.Run(() => Serve(socket, number)));
                }
            }
            catch (OperationCanceledException)
            {
                // Dispose.
            }

            await Task.WhenAll(connections);
        }

        private void Serve(Socket socket, int number)
        {
            try
            {
                using CancellationTokenRegistration _ = _stop.Token.Register(socket.Dispose);
                using NetworkStream plain = new(socket, ownsSocket: true);
                if (number > _script.Length)
                {
                    return;
                }

                using SslStream? tls = _certificate is null ? null : new SslStream(plain);
                tls?.AuthenticateAsServer(_certificate!);
                ServedConnection connection = new(socket, tls ?? (Stream)plain, _heads.Enqueue, _stop.Token);
                _script[number - 1](connection);
                connection.End();
            }
            catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException
                or System.Security.Authentication.AuthenticationException)
            {
                // The client went first, or did not like the certificate: what that means is for the test to say.
            }
            catch (Exception e)
            {
                _failures.Enqueue(e);
            }
        }
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace nanoOta.VirtualDevice.Cloud
{
    /// <summary>A request that was answered.</summary>
    /// <param name="Path">What was asked for, without leading slash and query.</param>
    /// <param name="Status">The HTTP status.</param>
    /// <param name="Offset">The first byte of the file that was sent.</param>
    public sealed record ServedRequest(string Path, int Status, int Offset);

    /// <summary>
    /// A small HTTP/1.1 server on the loopback address, as devices need one: GET and HEAD, one byte range, ETags. Each answer ends
    /// its connection.
    /// </summary>
    public sealed class FileServer : IDisposable
    {
        private const int MaxHead = 8192;
        private const int Piece = 8192;
        private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

        private readonly TcpListener _listener;
        private readonly Func<string, byte[]?> _find;
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _work;

        /// <summary>Starts a server.</summary>
        /// <param name="find">The content of a path, which has no leading slash; null: there is none. Called by several threads.</param>
        /// <param name="port">The TCP port; 0: any free one.</param>
        /// <exception cref="SocketException">The port is taken.</exception>
        public FileServer(Func<string, byte[]?> find, int port = 0)
        {
            _find = find;
            _listener = new TcpListener(IPAddress.Loopback, port);
            _listener.Start();
            _work = AcceptAsync();
        }

        /// <summary>The server's root, with a trailing slash.</summary>
        public string Url => $"http://{_listener.LocalEndpoint}/";

        /// <summary>How fast a body is sent at the most, in bytes a second; 0: as fast as it goes.</summary>
        public int BytesPerSecond { get; init; }

        /// <summary>Is told of each answer before its body is sent.</summary>
        public Action<ServedRequest>? Served { get; init; }

        /// <summary>The files of a folder and of those below it, for the constructor. Nothing outside of it is served.</summary>
        public static Func<string, byte[]?> Folder(string folder)
        {
            string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar;
            return path =>
            {
                string full = path.Contains('\0') ? "" : Path.GetFullPath(Path.Combine(root, path));
                try
                {
                    return full.StartsWith(root, StringComparison.Ordinal) && File.Exists(full) ? File.ReadAllBytes(full) : null;
                }
                catch (UnauthorizedAccessException)
                {
                    return null;
                }
            };
        }

        /// <summary>Stops; answers under way are broken off.</summary>
        public void Dispose()
        {
            _stop.Cancel();
            _listener.Stop();
            _work.Wait();
            _stop.Dispose();
        }

        private async Task AcceptAsync()
        {
            List<Task> answers = [];
            try
            {
                while (true)
                {
                    Socket socket = await _listener.AcceptSocketAsync(_stop.Token).ConfigureAwait(false);
                    answers.RemoveAll(answer => answer.IsCompleted);
                    answers.Add(Task.Run(() => ServeAsync(socket)));
                }
            }
            catch (OperationCanceledException)
            {
                // Dispose.
            }

            await Task.WhenAll(answers).ConfigureAwait(false);
        }

        private async Task ServeAsync(Socket socket)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            limit.CancelAfter(_patience);
            try
            {
                await using var stream = new NetworkStream(socket, ownsSocket: true);
                string? head = await ReadHeadAsync(stream, limit.Token).ConfigureAwait(false);
                if (head != null)
                {
                    await AnswerAsync(stream, head).ConfigureAwait(false);
                    socket.Shutdown(SocketShutdown.Send);
                    await stream.ReadAsync(new byte[1], limit.Token).ConfigureAwait(false);
                }
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
            {
                // The client went away, or took too long, or the server stops: there is nobody to tell.
            }
        }

        private static async Task<string?> ReadHeadAsync(NetworkStream stream, CancellationToken stop)
        {
            var buffer = new byte[MaxHead];
            int length = 0;
            while (length < MaxHead)
            {
                int read = await stream.ReadAsync(buffer.AsMemory(length), stop).ConfigureAwait(false);
                length += read;
                string head = Encoding.Latin1.GetString(buffer, 0, length);
                if (read == 0 || head.Contains("\r\n\r\n"))
                {
                    return read == 0 ? null : head;
                }
            }

            return null;
        }

        private async Task AnswerAsync(NetworkStream stream, string head)
        {
            string[] lines = head.Split("\r\n");
            string[] request = lines[0].Split(' ');
            if (request.Length != 3 || request[0] is not ("GET" or "HEAD") || !request[1].StartsWith('/'))
            {
                await SendAsync(stream, request.Length == 3 ? "405 Method Not Allowed" : "400 Bad Request", "", default).ConfigureAwait(false);
                return;
            }

            string path = Uri.UnescapeDataString(request[1].Split('?')[0][1..]);
            byte[]? file = _find(path);
            if (file == null)
            {
                Served?.Invoke(new ServedRequest(path, 404, 0));
                await SendAsync(stream, "404 Not Found", "", default).ConfigureAwait(false);
                return;
            }

            string tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(file))[..16]}\"";
            bool unchanged = Header(lines, "If-Range") is not { } condition || condition == tag;
            (int Start, int End)? range = unchanged ? ReadRange(Header(lines, "Range"), file.Length) : null;
            (int start, int end) = range ?? (0, file.Length);
            string more = $"ETag: {tag}\r\nAccept-Ranges: bytes\r\n";
            string status = "200 OK";
            if (range != null)
            {
                status = start < end ? "206 Partial Content" : "416 Range Not Satisfiable";
                more += start < end ? $"Content-Range: bytes {start}-{end - 1}/{file.Length}\r\n" : $"Content-Range: bytes */{file.Length}\r\n";
            }

            Served?.Invoke(new ServedRequest(path, int.Parse(status[..3]), start));
            await SendAsync(stream, status, more, file.AsMemory(start, end - start), withBody: request[0] == "GET").ConfigureAwait(false);
        }

        private static string? Header(string[] lines, string name)
        {
            string? line = lines.FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase));
            return line?[(name.Length + 1)..].Trim();
        }

        // The bytes asked for, none when there are none; null when no range is asked for in a way that is understood here.
        private static (int Start, int End)? ReadRange(string? header, int length)
        {
            if (!RangeHeaderValue.TryParse(header, out RangeHeaderValue? value) || value.Unit != "bytes" || value.Ranges.Count != 1)
            {
                return null;
            }

            RangeItemHeaderValue range = value.Ranges.First();
            long start = range.From ?? Math.Max(0, length - range.To!.Value);
            long last = range.From == null ? length - 1 : Math.Min(range.To ?? long.MaxValue, length - 1);
            return start <= last ? ((int)start, (int)last + 1) : (0, 0);
        }

        private async Task SendAsync(NetworkStream stream, string status, string more, ReadOnlyMemory<byte> body, bool withBody = true)
        {
            string head = $"HTTP/1.1 {status}\r\n{more}Content-Type: application/octet-stream\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n";
            await stream.WriteAsync(Encoding.ASCII.GetBytes(head), _stop.Token).ConfigureAwait(false);
            for (int at = 0; withBody && at < body.Length; at += Piece)
            {
                ReadOnlyMemory<byte> piece = body[at..Math.Min(body.Length, at + Piece)];
                await stream.WriteAsync(piece, _stop.Token).ConfigureAwait(false);
                if (BytesPerSecond > 0)
                {
                    await Task.Delay(TimeSpan.FromSeconds((double)piece.Length / BytesPerSecond), _stop.Token).ConfigureAwait(false);
                }
            }
        }
    }
}

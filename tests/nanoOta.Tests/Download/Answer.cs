using System.Text;

namespace nanoOta.Tests.Download
{
    /// <summary>How a connection ends behind the last byte.</summary>
    internal enum End
    {
        Close,
        Silence,
        Reset,
    }

    /// <summary>The bytes of one answer, how they come, and which codes are right for a device that gets them.</summary>
    internal sealed class Answer
    {
        private readonly StringBuilder _head = new();
        private byte[] _body = [];
        private Framing _framing;
        private bool _hasLength;

        public End End { get; init; }

        /// <summary>Whether the body comes at a few bytes a second.</summary>
        public bool IsTrickle { get; init; }

        /// <summary>How many bytes of the body come; -1: all.</summary>
        public int CutBody { get; init; } = -1;

        /// <summary>How many bytes of the head come, and no body; -1: all.</summary>
        public int CutHead { get; init; } = -1;

        /// <summary>Begins an answer.</summary>
        public static string StatusLine(int status, Framing framing = Framing.Length) => $"HTTP/1.{(framing == Framing.Http10 ? 0 : 1)} {status} Answer";

        public Answer Line(string line)
        {
            _head.Append(line).Append("\r\n");
            return this;
        }

        public Answer Length(string length)
        {
            _hasLength = true;
            return Line("Content-Length: " + length);
        }

        /// <summary>A body, framed so that the device sees its end.</summary>
        public Answer Body(byte[] body, Framing framing)
        {
            _body = body;
            _framing = framing;
            return framing switch
            {
                Framing.Length => _hasLength ? this : Length(body.Length.ToString()),
                Framing.Chunks => Line("Transfer-Encoding: chunked"),
                Framing.ConnectionClose => Line("Connection: close"),
                _ => this,
            };
        }

        /// <summary>A body of which nothing tells the end.</summary>
        public Answer Unframed(byte[] body)
        {
            _body = body;
            return this;
        }

        /// <summary>The bytes as they come.</summary>
        /// <param name="bodyAt">Receives where the body begins.</param>
        public byte[] ToBytes(out int bodyAt)
        {
            byte[] head = Encoding.Latin1.GetBytes(_head.Append("\r\n").ToString());
            bodyAt = head.Length;
            if (CutHead >= 0)
            {
                return head[..Math.Min(CutHead, head.Length - 2)];
            }

            byte[] body = _framing == Framing.Chunks ? Chunks(_body) : _body;
            int count = CutBody < 0 ? body.Length : Math.Min(CutBody, body.Length);
            return [.. head, .. body.AsSpan(0, count)];
        }

        private static byte[] Chunks(byte[] body)
        {
            const int Chunk = 1500;
            var bytes = new List<byte>(body.Length + 64);
            for (int at = 0; at < body.Length; at += Chunk)
            {
                int count = Math.Min(Chunk, body.Length - at);
                bytes.AddRange(Encoding.ASCII.GetBytes($"{count:x}\r\n"));
                bytes.AddRange(body.AsSpan(at, count));
                bytes.AddRange("\r\n"u8);
            }

            bytes.AddRange("0\r\n\r\n"u8);
            return [.. bytes];
        }
    }
}

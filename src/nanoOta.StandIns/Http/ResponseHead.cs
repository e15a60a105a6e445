using System.Net;

namespace nanoOta.StandIns
{
    /// <summary>
    /// The status line and headers of a response. What the device cannot read it notes and then forgets: the response is
    /// handed out with what was read so far, and the rest of the head is taken for the body. An unreadable status line
    /// so gives status 0, length 0 and no header collection at all (System.Net.Http a37532d0, HttpWebRequest).
    /// </summary>
    internal sealed class ResponseHead
    {
        // HttpConstants.maxHTTPLineLength
        private const int MaxLineLength = 4000;

        private ResponseHead()
        {
        }

        internal Version? Version { get; private set; }

        internal int StatusCode { get; private set; }

        /// <summary>With the blank before it.</summary>
        internal string? StatusDescription { get; private set; }

        internal WebHeaderCollection? Headers { get; private set; }

        /// <summary>-1 without, but 0 when the status line could not be read.</summary>
        internal int ContentLength { get; private set; }

        /// <summary>Of the body as the stream counts it: -1 without end.</summary>
        internal int BodyLength { get; private set; } = -1;

        internal bool IsChunked { get; private set; }

        /// <summary>Reads a head.</summary>
        /// <param name="reader">Where from.</param>
        /// <param name="maxLength">Characters of all headers together, line ends not counted.</param>
        internal static ResponseHead Read(ResponseReader reader, int maxLength)
        {
            ResponseHead head = new();
            if (head.TryReadStatusLine(reader.ReadLine(MaxLineLength).Trim()))
            {
                head.Headers = new WebHeaderCollection(isRestricted: true);
                head.ContentLength = -1;
                head.ReadHeaders(reader, maxLength);
            }

            return head;
        }

        private bool TryReadStatusLine(string line)
        {
            int blank = line.IndexOf(' ');
            string version = (blank < 0 ? line : line[..blank]).ToLowerInvariant();
            if (version is not ("http/1.1" or "http/1.0"))
            {
                return false;
            }

            Version = version == "http/1.1" ? HttpVersion.Version11 : HttpVersion.Version10;
            string rest = blank < 0 ? "" : line[blank..].TrimStart(' ');
            int end = rest.IndexOf(' ');
            if (!TryParse(end < 0 ? rest : rest[..end], out int code))
            {
                return false;
            }

            StatusCode = code;
            StatusDescription = end < 0 ? "" : rest[end..];
            return true;
        }

        private void ReadHeaders(ResponseReader reader, int maxLength)
        {
            for (string line; (line = reader.ReadHeader(MaxLineLength)).Length > 0;)
            {
                maxLength -= line.Length;
                int colon = line.IndexOf(':');
                if (maxLength < 0 || colon < 0 || !TryApply(line[..colon], line[(colon + 1)..].TrimStart()))
                {
                    return;
                }
            }
        }

        /// <summary>False for a length that is no number.</summary>
        private bool TryApply(string name, string value)
        {
            Headers!.AddUnchecked(name, value);
            switch (name.ToLowerInvariant())
            {
                case "content-length":
                    // The last of several wins, though the collection holds them all.
                    if (!TryParse(value, out int length))
                    {
                        return false;
                    }

                    ContentLength = BodyLength = length;
                    break;
                case "transfer-encoding":
                    IsChunked |= value.Contains("chunked", StringComparison.OrdinalIgnoreCase);
                    break;
            }

            return true;
        }

        private static bool TryParse(string text, out int value)
        {
            try
            {
                value = DeviceNumber.Parse(text);
                return true;
            }
            catch (Exception e) when (e is FormatException or ArgumentOutOfRangeException)
            {
                value = 0;
                return false;
            }
        }
    }
}

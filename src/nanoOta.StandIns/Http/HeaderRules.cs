namespace nanoOta.StandIns
{
    /// <summary>Which headers the device guards, which it splits, and what it lets into them (System.Net.Http a37532d0).</summary>
    internal static class HeaderRules
    {
        private const string Separators = "()<>@,;:\\\"'/[]?={} \t\r\n";

        // Set by properties of the request, or by nobody.
        private static readonly HashSet<string> _restricted = new(StringComparer.OrdinalIgnoreCase)
        {
            "Accept", "Connection", "Content-Length", "Expect", "Host", "If-Modified-Since", "Proxy-Connection", "Range",
            "Referer", "Transfer-Encoding", "User-Agent",
        };

        private static readonly HashSet<string> _lists = new(StringComparer.OrdinalIgnoreCase)
        {
            "Allow", "Accept", "Authorization", "Accept-Ranges", "Accept-Charset", "Accept-Encoding", "Accept-Language",
            "Cookie", "Connection", "Cache-Control", "Content-Encoding", "Content-Language", "Expect", "If-Match",
            "If-None-Match", "Pragma", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection", "Range",
            "Set-Cookie", "Set-Cookie2", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Via", "Vary", "Warning",
        };

        internal static bool IsRestricted(string name) => _restricted.Contains(name);

        /// <summary>A name is printable ASCII without separators.</summary>
        /// <exception cref="ArgumentException">It is not.</exception>
        internal static string CheckName(string? name)
        {
            return !string.IsNullOrEmpty(name) && name.All(c => c is >= ' ' and <= '~' && !Separators.Contains(c))
                ? name
                : throw new ArgumentException(string.Empty);
        }

        /// <summary>A value without blanks around it; null is empty.</summary>
        /// <exception cref="ArgumentException">It has control characters, or an LF that starts no continuation line.</exception>
        internal static string CheckValue(string? value)
        {
            value = value?.Trim() ?? "";
            for (int i = 0; i < value.Length; i++)
            {
                bool isControl = value[i] is '\x7F' or (< ' ' and not ('\t' or '\r' or '\n'));
                if (isControl || (i > 0 && value[i - 1] == '\n' && value[i] is not (' ' or '\t')))
                {
                    throw new ArgumentException(string.Empty);
                }
            }

            return value;
        }

        /// <summary>The values of a header: several for a list, with commas in quotes left alone.</summary>
        internal static string[] Split(string name, string value)
        {
            if (!_lists.Contains(name))
            {
                return [value];
            }

            List<string> values = [];
            bool isQuoted = false;
            int start = 0;
            for (int i = 0; i <= value.Length; i++)
            {
                // An empty value is kept, but not at the end.
                if (i == value.Length ? i > start : value[i] == ',' && !isQuoted)
                {
                    values.Add(value[start..i].Trim());
                    start = i + 1;
                }
                else if (i < value.Length && value[i] == '"')
                {
                    isQuoted = !isQuoted;
                }
            }

            return [.. values];
        }
    }
}

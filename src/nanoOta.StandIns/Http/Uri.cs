using nanoOta.StandIns;

namespace System
{
    /// <summary>
    /// A URI as the device takes it apart: nothing is escaped, folded or checked, so that what device code sends is what it
    /// was given. Only http and https have their rules here; every other scheme is split like an unknown one.
    /// </summary>
    public class Uri
    {
        /// <summary>Of http.</summary>
        public const int HttpDefaultPort = 80;

        /// <summary>Of https.</summary>
        public const int HttpsDefaultPort = 443;

        /// <summary>http</summary>
        public const string UriSchemeHttp = "http";

        /// <summary>https</summary>
        public const string UriSchemeHttps = "https";

        private const int UnknownPort = -1;

        private string? _scheme;
        private string _host = "";
        private string _path = "";
        private string? _absoluteUri;
        private int _port = UnknownPort;

        /// <summary>An absolute URI.</summary>
        /// <exception cref="ArgumentException">It is none, or null.</exception>
        /// <exception cref="FormatException">The port is no number.</exception>
        public Uri(string uriString)
        {
            if (string.IsNullOrEmpty(uriString))
            {
                throw new ArgumentNullException();
            }

            if (!TryParse(uriString))
            {
                throw new ArgumentException(string.Empty);
            }

            OriginalString = uriString;
        }

        /// <summary>An absolute or a relative URI.</summary>
        /// <exception cref="FormatException">It is not of that kind.</exception>
        public Uri(string uriString, UriKind kind)
        {
            bool isGood = (kind != UriKind.Relative && TryParse(uriString))
                || (kind != UriKind.Absolute && IsRelative(uriString));
            OriginalString = isGood ? uriString : throw new FormatException();
        }

        /// <summary>A URI as another one refers to it. Of <c>..</c> nothing is resolved.</summary>
        public Uri(Uri baseUri, string? relativeUri = null)
        {
            ArgumentNullException.ThrowIfNull((object)baseUri);
            if (!baseUri.IsAbsoluteUri)
            {
                throw new ArgumentOutOfRangeException();
            }

            OriginalString = string.IsNullOrEmpty(relativeUri) ? baseUri.OriginalString : relativeUri;
            if (TryParse(OriginalString))
            {
                return;
            }

            string prefix = baseUri.AbsoluteUri[..^(baseUri.Query.Length + baseUri.Fragment.Length)];
            prefix = OriginalString[0] == '/' ? prefix[..^baseUri._path.Length] : prefix[..(prefix.LastIndexOf('/') + 1)];
            OriginalString = prefix + OriginalString;
            TryParse(OriginalString);
        }

        /// <summary>The path.</summary>
        public string AbsolutePath => Absolute(_path);

        /// <summary>The parts put together again.</summary>
        public string AbsoluteUri => Absolute(_absoluteUri!);

        /// <summary>From the # on.</summary>
        public string Fragment { get; private set; } = "";

        /// <summary>The host as written.</summary>
        public string Host => Absolute(_host);

        /// <summary>What the host looks like.</summary>
        public UriHostNameType HostNameType { get; private set; }

        /// <summary>Whether there is a scheme.</summary>
        public bool IsAbsoluteUri => _absoluteUri is not null;

        /// <summary>Whether the port is the scheme's own.</summary>
        public bool IsDefaultPort => _port == DefaultPort();

        /// <summary>What was given.</summary>
        public string OriginalString { get; }

        /// <summary>What goes into the request line.</summary>
        public string PathAndQuery => AbsolutePath + Query;

        /// <summary>The port; any number that was given.</summary>
        public int Port => IsAbsoluteUri ? _port : throw new InvalidOperationException();

        /// <summary>From the ? on.</summary>
        public string Query { get; private set; } = "";

        /// <summary>In lower case.</summary>
        public string Scheme => Absolute(_scheme!);

        /// <summary>What is before an @, be it in the path.</summary>
        public string UserInfo { get; private set; } = "";

        /// <summary>Of absolute URIs, the paths are compared and nothing else: neither host nor query.</summary>
        public static bool operator ==(Uri? lhs, Uri? rhs)
        {
            if (lhs is null || rhs is null)
            {
                return lhs is null && rhs is null;
            }

            return lhs.IsAbsoluteUri && rhs.IsAbsoluteUri
                ? lhs._path.Equals(rhs._path, StringComparison.OrdinalIgnoreCase)
                : lhs.OriginalString.Equals(rhs.OriginalString, StringComparison.OrdinalIgnoreCase);
        }

        /// <inheritdoc cref="op_Equality"/>
        public static bool operator !=(Uri? lhs, Uri? rhs) => !(lhs == rhs);

        /// <inheritdoc cref="op_Equality"/>
        public override bool Equals(object? o) => this == (Uri?)o;

        /// <summary>The object's own, so that equal ones differ.</summary>
        public override int GetHashCode() => base.GetHashCode();

        private static bool IsRelative(string uri)
        {
            int end = uri.IndexOfAny(['#', '?']);
            string path = end < 0 ? uri : uri[..end];
            for (int i = 0; i < path.Length; i++)
            {
                bool isBrokenEscape = path[i] == '%'
                    && (i + 2 >= path.Length || !char.IsAsciiHexDigit(path[i + 1]) || !char.IsAsciiHexDigit(path[i + 2]));
                if (path[i] < ' ' || isBrokenEscape)
                {
                    return false;
                }
            }

            return true;
        }

        private T Absolute<T>(T part) => IsAbsoluteUri ? part : throw new InvalidOperationException();

        private int DefaultPort()
        {
            return _scheme switch
            {
                UriSchemeHttp => HttpDefaultPort,
                UriSchemeHttps => HttpsDefaultPort,
                _ => UnknownPort,
            };
        }

        private bool TryParse(string uri)
        {
            uri = uri.Trim();
            int colon = uri.IndexOf(':');
            if (colon <= 0 || colon == uri.Length - 1 || !char.IsAsciiLetter(uri[0])
                || !uri[..colon].All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '-' or '.'))
            {
                return false;
            }

            _scheme = uri[..colon].ToLowerInvariant();
            string rest = Cut(Cut(uri, '#', out string fragment), '?', out string query)[(colon + 1)..];
            Fragment = fragment;
            Query = query;
            bool isRooted = rest.StartsWith("//", StringComparison.Ordinal);
            if (!isRooted && _scheme is UriSchemeHttp or UriSchemeHttps)
            {
                throw new ArgumentException(string.Empty);
            }

            SplitAuthority(isRooted ? rest[2..] : "");
            _path = isRooted ? _path : rest;
            HostNameType = _host.Length == 0 ? UriHostNameType.Unknown
                : _host[0] == '[' ? UriHostNameType.IPv6
                : IsIPv4(_host) ? UriHostNameType.IPv4
                : UriHostNameType.Dns;
            _absoluteUri = _scheme + ':' + (isRooted ? "//" : "") + (UserInfo.Length > 0 ? UserInfo + '@' : "") + _host
                + (IsDefaultPort ? "" : ":" + _port) + _path + Query + Fragment;
            return true;
        }

        private void SplitAuthority(string rooted)
        {
            int at = rooted.IndexOf('@');
            UserInfo = at > 0 && _scheme is UriSchemeHttp or UriSchemeHttps ? rooted[..at] : "";
            int slash = rooted.IndexOf('/');
            string authority = slash < 0 ? rooted : rooted[..slash];
            _path = slash < 0 ? "/" : rooted[slash..];
            at = authority.IndexOf('@');
            authority = at > 0 ? authority[(at + 1)..] : authority;
            int colon = authority.LastIndexOf(':');
            bool hasPort = colon >= 0 && authority.LastIndexOf(']') < colon;
            _host = hasPort ? authority[..colon] : authority;
            _port = hasPort ? DeviceNumber.Parse(authority[(colon + 1)..]) : DefaultPort();
        }

        private static string Cut(string text, char first, out string rest)
        {
            int at = text.IndexOf(first);
            rest = at < 0 ? "" : text[at..];
            return at < 0 ? text : text[..at];
        }

        private static bool IsIPv4(string host)
        {
            string[] numbers = host.Split('.');
            return numbers.Length == 4 && numbers.All(number =>
                number.Length > 0 && number.All(char.IsAsciiDigit) && byte.TryParse(number, out _));
        }
    }
}

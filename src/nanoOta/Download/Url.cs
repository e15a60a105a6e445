// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>What an update needs to know of URLs: whether one is sound, whose host it names, and what is relative to it.</summary>
    public static class Url
    {
        /// <summary>
        /// The longest URL, in characters, its query with a token included. Signed URLs of the large clouds have up to about 1,800.
        /// </summary>
        public const int MaxLength = 2048;

        private static readonly char[] s_afterHost = { '/', '?' };

        /// <summary>Tells whether a text is an absolute http or https URL with a host, without user info or fragment.</summary>
        /// <param name="url">The text; may be null.</param>
        /// <returns>True when it is.</returns>
        public static bool IsAbsolute(string url)
        {
            if (!IsReference(url) || !HasScheme(url))
            {
                return false;
            }

            // Nothing that another reader of URLs might take for the end of the host, or for its beginning.
            char[] host = HostOf(url).ToCharArray();
            for (int i = 0; i < host.Length; i++)
            {
                char c = host[i];
                if (!((c >= 'a' && c <= 'z') || (c >= '-' && c <= ':' && c != '/') || c == '_' || c == '[' || c == ']'))
                {
                    return false;
                }
            }

            return host.Length > 0 && host[0] != ':';
        }

        /// <summary>Tells whether a text can be a URL or a relative reference: printable ASCII, not too long, no fragment.</summary>
        /// <param name="url">The text; may be null.</param>
        /// <returns>True when it can.</returns>
        public static bool IsReference(string url)
        {
            if (url == null || url.Length == 0 || url.Length > MaxLength)
            {
                return false;
            }

            char[] chars = url.ToCharArray();
            for (int i = 0; i < chars.Length; i++)
            {
                if (chars[i] <= ' ' || chars[i] > '~' || chars[i] == '#' || chars[i] == '\\')
                {
                    return false;
                }
            }

            return true;
        }

        /// <summary>Tells whether a URL is fetched over TLS.</summary>
        /// <param name="url">An absolute URL.</param>
        /// <returns>True for https.</returns>
        public static bool IsHttps(string url)
        {
            return url.Length > 8 && url.Substring(0, 8).ToLower() == "https://";
        }

        /// <summary>The host of a URL in lower case, with its port unless it is the scheme's own (RFC 6454, section 4).</summary>
        /// <param name="url">An absolute URL.</param>
        /// <returns>For example <c>contoso.blob.core.windows.net</c> or <c>192.168.1.10:8080</c>.</returns>
        public static string HostOf(string url)
        {
            int start = IsHttps(url) ? 8 : 7;
            int end = url.IndexOfAny(s_afterHost, start);
            return WithoutDefaultPort(url.Substring(start, (end < 0 ? url.Length : end) - start).ToLower(), start == 8);
        }

        /// <summary>Tells whether two URLs lead to the same host by the same scheme, so that a secret for one may go to the other.</summary>
        /// <param name="a">An absolute URL.</param>
        /// <param name="b">An absolute URL, or null.</param>
        /// <returns>True when they do.</returns>
        public static bool IsSameOrigin(string a, string b)
        {
            return b != null && IsHttps(a) == IsHttps(b) && HostOf(a) == HostOf(b);
        }

        /// <summary>
        /// Resolves a reference against the URL of the document it stands in (RFC 3986, section 5.2): dot segments are removed, a fragment
        /// is dropped.
        /// </summary>
        /// <param name="document">The absolute URL of the document; its query is not inherited.</param>
        /// <param name="reference">A relative or absolute reference, not empty.</param>
        /// <returns>The absolute URL; what has a scheme of its own, whichever, comes back as it is.</returns>
        public static string Resolve(string document, string reference)
        {
            int fragment = reference.IndexOf('#');
            reference = fragment < 0 ? reference : reference.Substring(0, fragment);
            int scheme = reference.IndexOf(':');
            int end = reference.IndexOfAny(s_afterHost);
            if (scheme > 0 && (end < 0 || scheme < end))
            {
                return reference;
            }

            int host = IsHttps(document) ? 8 : 7;
            if (reference.StartsWith("//"))
            {
                return document.Substring(0, host - 2) + reference;
            }

            int path = document.IndexOfAny(s_afterHost, host);
            string origin = path < 0 ? document : document.Substring(0, path);
            string folder = WithoutQuery(document);
            folder = folder.Length == origin.Length ? "/" : folder.Substring(origin.Length);
            if (reference.Length == 0 || reference[0] == '?')
            {
                return origin + folder + reference;
            }

            return origin + WithoutDots(reference[0] == '/' ? reference : folder.Substring(0, folder.LastIndexOf('/') + 1) + reference);
        }

        /// <summary>Adds a query, such as a shared access signature.</summary>
        /// <param name="url">An absolute URL.</param>
        /// <param name="query">The query, with or without its question mark; may be null or empty.</param>
        /// <returns>The URL with the query behind its own, if it has one.</returns>
        public static string AddQuery(string url, string query)
        {
            if (query == null || query.Length == 0)
            {
                return url;
            }

            return url + (url.IndexOf('?') < 0 ? "?" : "&") + query.TrimStart('?', '&');
        }

        /// <summary>The query of a URL.</summary>
        /// <param name="url">A URL.</param>
        /// <returns>What follows its question mark; null when it has none.</returns>
        public static string QueryOf(string url)
        {
            int query = url.IndexOf('?');
            return query < 0 ? null : url.Substring(query + 1);
        }

        /// <summary>What stands before a URL's query.</summary>
        internal static string WithoutQuery(string url)
        {
            int query = url.IndexOf('?');
            return query < 0 ? url : url.Substring(0, query);
        }

        /// <summary>A URL with a slash at its path's end, before the query.</summary>
        internal static string AsFolder(string url)
        {
            string path = WithoutQuery(url);
            return path.EndsWith("/") ? url : path + "/" + url.Substring(path.Length);
        }

        /// <summary>A host without the port that its scheme has anyway.</summary>
        internal static string WithoutDefaultPort(string host, bool isHttps)
        {
            string port = isHttps ? ":443" : ":80";
            return host.EndsWith(port) ? host.Substring(0, host.Length - port.Length) : host;
        }

        // RFC 3986, section 5.2.4; the path begins with a slash.
        private static string WithoutDots(string path)
        {
            string plain = WithoutQuery(path);
            string[] segments = plain.Split('/');
            string clean = string.Empty;
            for (int i = 1; i < segments.Length; i++)
            {
                bool isUp = segments[i] == "..";
                if (isUp && clean.Length > 0)
                {
                    clean = clean.Substring(0, clean.LastIndexOf('/'));
                }

                bool isDots = isUp || segments[i] == ".";
                clean += !isDots ? "/" + segments[i] : i + 1 == segments.Length ? "/" : string.Empty;
            }

            return clean + path.Substring(plain.Length);
        }

        private static bool HasScheme(string url)
        {
            return IsHttps(url) || (url.Length > 7 && url.Substring(0, 7).ToLower() == "http://");
        }
    }
}

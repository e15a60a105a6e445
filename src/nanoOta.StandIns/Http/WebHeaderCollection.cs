using System.Text;
using nanoOta.StandIns;

namespace System.Net
{
    /// <summary>Headers in the order in which they came; names without regard to case, repeated ones joined by a comma.</summary>
    public class WebHeaderCollection
    {
        private readonly List<KeyValuePair<string, string>> _headers = [];
        private readonly bool _isRestricted;

        /// <summary>An empty collection to which any header may be added.</summary>
        public WebHeaderCollection()
        {
        }

        internal WebHeaderCollection(bool isRestricted)
        {
            _isRestricted = isRestricted;
        }

        /// <summary>The names.</summary>
        public string[] AllKeys => [.. _headers.Select(header => header.Key)];

        /// <summary>How many names.</summary>
        public int Count => _headers.Count;

        /// <summary>The value of a header, or null.</summary>
        public string? this[string header] => Find(header) is >= 0 and int at ? _headers[at].Value : null;

        /// <summary>Whether only a property of the request may set this header.</summary>
        public static bool IsRestricted(string headerName)
        {
            return HeaderRules.IsRestricted(HeaderRules.CheckName(NotEmpty(headerName)));
        }

        /// <summary>Adds a value to those of a header.</summary>
        /// <exception cref="ArgumentException">A name or value that is none, or a restricted header of a request.</exception>
        public void Add(string name, string? value) => AddUnchecked(CheckName(name), HeaderRules.CheckValue(value));

        /// <summary>Adds <c>name: value</c>.</summary>
        /// <inheritdoc cref="Add(string, string?)"/>
        public void Add(string header)
        {
            int colon = NotEmpty(header).IndexOf(':');
            if (colon < 0)
            {
                throw new ArgumentException(string.Empty);
            }

            Add(header[..colon], header[(colon + 1)..]);
        }

        /// <summary>The values of a header, or null.</summary>
        public string[]? GetValues(string header) => this[header] is { Length: > 0 } value ? HeaderRules.Split(header, value) : null;

        /// <summary>Removes a header.</summary>
        /// <inheritdoc cref="Add(string, string?)"/>
        public void Remove(string name) => RemoveUnchecked(CheckName(NotEmpty(name)));

        /// <summary>Replaces a header.</summary>
        /// <inheritdoc cref="Add(string, string?)"/>
        public void Set(string name, string? value) => SetUnchecked(CheckName(NotEmpty(name)), HeaderRules.CheckValue(value));

        /// <summary>The headers as they are sent, with the empty line after them.</summary>
        public byte[] ToByteArray() => Encoding.UTF8.GetBytes(ToString());

        /// <summary>The headers as they are sent, with the empty line after them.</summary>
        public override string ToString()
        {
            return string.Concat(_headers.Select(header => $"{header.Key}: {header.Value}\r\n")) + "\r\n";
        }

        internal void AddUnchecked(string name, string value)
        {
            int at = Find(name);
            if (at < 0)
            {
                _headers.Add(new(name, value));
            }
            else
            {
                _headers[at] = new(_headers[at].Key, _headers[at].Value + ',' + value);
            }
        }

        internal void SetUnchecked(string name, string value)
        {
            RemoveUnchecked(name);
            _headers.Add(new(name, value));
        }

        internal void RemoveUnchecked(string name)
        {
            if (Find(name) is >= 0 and int at)
            {
                _headers.RemoveAt(at);
            }
        }

        private static string NotEmpty(string value) => value is { Length: > 0 } ? value : throw new ArgumentNullException();

        private string CheckName(string name)
        {
            return !_isRestricted || !HeaderRules.IsRestricted(HeaderRules.CheckName(name))
                ? HeaderRules.CheckName(name)
                : throw new ArgumentException("Only a property of the request may set " + name + ".");
        }

        private int Find(string name)
        {
            return _headers.FindIndex(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase));
        }
    }
}

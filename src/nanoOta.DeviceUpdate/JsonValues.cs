// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System.Collections;

namespace nanoOta
{
    /// <summary>The texts, integers and trues in a JSON value, by their paths: <c>/a/0/b</c> is member b of the first element of member a.</summary>
    internal sealed class JsonValues
    {
        // What is read of a request, a report or a step has fewer; a list without end must not fill the memory.
        private const int Most = 64;

        private readonly Hashtable _values;
        private readonly string _root;

        /// <summary>Reads a value.</summary>
        /// <param name="json">Stands at its start; afterwards at its end, or at an error.</param>
        /// <param name="wanted">Beginnings of the paths that are kept; null: all are.</param>
        internal JsonValues(JsonReader json, string[] wanted)
            : this(new Hashtable(), string.Empty)
        {
            Read(json, string.Empty, wanted);
        }

        private JsonValues(Hashtable values, string root)
        {
            _values = values;
            _root = root;
        }

        /// <summary>The values below a path, by their paths from there.</summary>
        internal JsonValues Below(string path)
        {
            return new JsonValues(_values, _root + path);
        }

        /// <summary>The string or number at a path; null when there is none.</summary>
        internal string Text(string path)
        {
            object value = _values[_root + path];
            return value == null ? null : value.ToString();
        }

        /// <summary>The integer at a path; 0 when there is none.</summary>
        internal long Number(string path)
        {
            object value = _values[_root + path];
            return value is long ? (long)value : 0;
        }

        /// <summary>Whether the value at a path is true.</summary>
        internal bool IsTrue(string path)
        {
            return _values[_root + path] is bool;
        }

        private void Read(JsonReader json, string path, string[] wanted)
        {
            int depth = json.Depth;
            if (json.Token == JsonToken.ObjectStart)
            {
                string name;
                while ((name = json.ReadMember(depth)) != null)
                {
                    Read(json, path + "/" + name, wanted);
                }
            }
            else if (json.Token == JsonToken.ArrayStart)
            {
                for (int i = 0; json.Read() != JsonToken.ArrayEnd && json.Token != JsonToken.Error; i++)
                {
                    Read(json, path + "/" + i.ToString(), wanted);
                }
            }
            else if (_values.Count < Most && IsWanted(path, wanted))
            {
                object value = json.TryGetInt64(out long number) ? number : json.GetString();
                _values[path] = json.Token == JsonToken.True ? true : value;
            }
        }

        private static bool IsWanted(string path, string[] wanted)
        {
            bool isWanted = wanted == null;
            for (int i = 0; !isWanted && i < wanted.Length; i++)
            {
                isWanted = path.StartsWith(wanted[i]);
            }

            return isWanted;
        }
    }
}

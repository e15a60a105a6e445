// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System.Collections;
using System.Text;

namespace nanoOta
{
    /// <summary>JSON as it comes from a hub and goes to it, without the client's own reader and its surprises.</summary>
    public static class HubJson
    {
        // What is longer is not for the memory of a device; what is nested deeper, a hub does not have.
        private const int MaxText = 32768;
        private const int MaxDepth = 12;
        private const int MaxMembers = 256;

        /// <summary>Opens a text for reading: of at most 32 KiB, with at most 256 members open at a time.</summary>
        /// <param name="text">The text; null, or one beyond the bounds, makes a reader that refuses it.</param>
        /// <returns>A reader at the first token.</returns>
        public static JsonReader Open(string text)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text == null || text.Length > MaxText ? string.Empty : text);
            JsonReader json = new JsonReader(bytes, 0, bytes.Length, MaxDepth, MaxMembers);
            json.Read();
            return json;
        }

        /// <summary>Tells whether a text has been read to its end, as one object.</summary>
        /// <param name="json">Stands behind the object's last member, or at an error.</param>
        /// <returns>True when it has.</returns>
        public static bool IsWhole(JsonReader json)
        {
            return json.Token == JsonToken.ObjectEnd && json.Read() == JsonToken.End;
        }

        /// <summary>Finds the text of a member of a member of an object.</summary>
        /// <param name="json">Stands at the object's start, afterwards at its end; or at any other value, which has no members.</param>
        /// <param name="name">The outer member's name.</param>
        /// <param name="inner">The inner member's name; null: the outer one's own text is asked for.</param>
        /// <returns>A string, or a number as it stands; null when there is none.</returns>
        public static string Find(JsonReader json, string name, string inner)
        {
            string found = null;
            string member;
            int depth = json.Depth;
            bool isObject = json.Token == JsonToken.ObjectStart;
            while (isObject && (member = json.ReadMember(depth)) != null)
            {
                if (member == name)
                {
                    found = inner == null ? json.GetString() : Find(json, inner, null);
                }
            }

            return found;
        }

        /// <summary>Makes of an object the tables that the client takes: of its objects, texts, integers, truth values and nulls.</summary>
        /// <param name="json">Stands at the object's start; afterwards at its end.</param>
        /// <returns>The table. A null in it stays one: it has the hub remove what an earlier report said.</returns>
        public static Hashtable ToTable(JsonReader json)
        {
            Hashtable table = new Hashtable();
            while (json.Read() == JsonToken.Name)
            {
                string name = json.GetString();
                JsonToken token = json.Read();
                object value = json.GetString();
                if (token == JsonToken.ObjectStart)
                {
                    value = ToTable(json);
                }
                else if (token == JsonToken.True || token == JsonToken.False)
                {
                    value = token == JsonToken.True;
                }
                else if (json.TryGetInt64(out long number))
                {
                    value = (int)number;
                }

                table.Add(name, value);
            }

            return table;
        }
    }
}

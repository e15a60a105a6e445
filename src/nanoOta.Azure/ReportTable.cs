// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System.Collections;

namespace nanoOta
{
    /// <summary>Makes of a report's JSON the tables that the client takes, and not by the client's own reader, which turns times into dates.</summary>
    internal static class ReportTable
    {
        /// <summary>Reads the object that the reader stands at. Arrays and fractions, which no report has, are not numbers to it.</summary>
        internal static Hashtable Read(JsonReader json)
        {
            Hashtable table = new Hashtable();
            while (json.Read() == JsonToken.Name)
            {
                string name = json.GetString();
                JsonToken token = json.Read();
                object value = json.GetString();
                if (token == JsonToken.ObjectStart)
                {
                    value = Read(json);
                }
                else if (token == JsonToken.True || token == JsonToken.False)
                {
                    value = token == JsonToken.True;
                }
                else if (json.TryGetInt64(out long number))
                {
                    value = (int)number;
                }

                // A null stays one: it has the hub remove what an earlier report said.
                table.Add(name, value);
            }

            return table;
        }
    }
}

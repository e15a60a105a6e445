using System.Collections;
using System.Globalization;
using nanoFramework.Json;

namespace nanoOta.StandIns
{
    /// <summary>Reads JSON into tables as nanoFramework.Json does.</summary>
    internal static class DeviceJson
    {
        /// <summary>Reads an object.</summary>
        /// <exception cref="Exception">Any; which one depends on what is wrong, or merely not foreseen.</exception>
        internal static Hashtable ReadTable(string text)
        {
            JsonLexer lexer = new(text);
            if (lexer.Next() != JsonTokenKind.BraceOpen)
            {
                throw new DeserializationException();
            }

            Members root = ReadMembers(lexer);
            if (lexer.Next() != JsonTokenKind.End)
            {
                throw new DeserializationException();
            }

            return ToTable(root, isRoot: true);
        }

        private static Members ReadMembers(JsonLexer lexer)
        {
            Members members = new();
            JsonTokenKind token = lexer.Next();
            while (token != JsonTokenKind.BraceClose)
            {
                // Also when a name looks like a time.
                if (token != JsonTokenKind.Text)
                {
                    throw new DeserializationException();
                }

                string name = lexer.Value;
                if (lexer.Next() != JsonTokenKind.Colon)
                {
                    throw new DeserializationException();
                }

                members.Add(name, ReadValue(lexer, lexer.Next()));
                token = lexer.Next();

                // One comma may follow the last member, and none need stand between two.
                token = token == JsonTokenKind.Comma ? lexer.Next() : token;
            }

            return members;
        }

        private static List<object?> ReadItems(JsonLexer lexer)
        {
            List<object?> items = [];
            JsonTokenKind token = lexer.Next();
            while (token != JsonTokenKind.BracketClose)
            {
                items.Add(ReadValue(lexer, token));
                token = lexer.Next();
                if (token == JsonTokenKind.Comma)
                {
                    token = lexer.Next();
                }
                else if (token != JsonTokenKind.BracketClose)
                {
                    throw new DeserializationException();
                }
            }

            return items;
        }

        private static object? ReadValue(JsonLexer lexer, JsonTokenKind token) => token switch
        {
            JsonTokenKind.Text => lexer.Value,
            JsonTokenKind.Time => lexer.Time,
            JsonTokenKind.Number => ReadNumber(lexer.Value),
            JsonTokenKind.True => true,
            JsonTokenKind.False => false,
            JsonTokenKind.Null => null,
            JsonTokenKind.BraceOpen => ReadMembers(lexer),
            JsonTokenKind.BracketOpen => ReadItems(lexer),
            _ => throw new DeserializationException(),
        };

        // By the length of the text; so a small value may well be an Int64.
        private static object ReadNumber(string text)
        {
            if (text.AsSpan().IndexOfAny(".eE") >= 0)
            {
                return double.Parse(text, CultureInfo.InvariantCulture);
            }

            if (text.Length < 9)
            {
                return int.Parse(text, CultureInfo.InvariantCulture);
            }

            if (text.Length is >= 12 and < 20)
            {
                return long.Parse(text, CultureInfo.InvariantCulture);
            }

            return int.TryParse(text, CultureInfo.InvariantCulture, out int small) ? small
                : long.TryParse(text, CultureInfo.InvariantCulture, out long large) ? large
                : ulong.Parse(text, CultureInfo.InvariantCulture);
        }

        private static Hashtable ToTable(Members members, bool isRoot)
        {
            Hashtable table = [];
            foreach ((string name, object? value) in members)
            {
                table.Add(name, value switch
                {
                    Members inner => ToTable(inner, isRoot: false),
                    List<object?> items => ToList(items, isRoot),
                    _ => value,
                });
            }

            return table;
        }

        // An array within an array was not foreseen, and differently so by where it is.
        private static ArrayList ToList(List<object?> items, bool isRoot)
        {
            ArrayList list = [];
            foreach (object? item in items)
            {
                list.Add(item switch
                {
                    Members inner => ToTable(inner, isRoot),
                    List<object?> => isRoot ? throw new DeserializationException() : throw new NotImplementedException(),
                    _ => item,
                });
            }

            return list;
        }

        // ArgumentException on a name that comes twice.
        private sealed class Members : Dictionary<string, object?>
        {
        }
    }
}

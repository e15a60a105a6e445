using System.Collections;
using System.Globalization;
using System.Text;

namespace nanoOta.StandIns
{
    /// <summary>Writes tables as nanoFramework.Json does: names as they are, an enum as its number.</summary>
    internal static class DeviceJsonWriter
    {
        /// <summary>Writes a value.</summary>
        /// <exception cref="NotSupportedException">An object, whose properties the device would write: the stand-in does not.</exception>
        internal static string Write(object? value) => value switch
        {
            null => "null",
            bool flag => flag ? "true" : "false",
            string text => Quote(text),
            double.NaN or float.NaN => "null",
            DateTime time => $"\"{time.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture)}\"",
            char or Guid or TimeSpan => $"\"{value}\"",
            Enum number => number.ToString("D"),
            byte or sbyte or short or ushort or int or uint or long or ulong or float or double => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
            IDictionary table => $"{{{string.Join(',', Entries(table))}}}",
            IEnumerable items => $"[{string.Join(',', items.Cast<object?>().Select(Write))}]",
            _ => throw new NotSupportedException($"The stand-in does not write a {value.GetType().Name}."),
        };

        private static IEnumerable<string> Entries(IDictionary table)
        {
            foreach (DictionaryEntry entry in table)
            {
                yield return $"\"{entry.Key}\":{Write(entry.Value)}";
            }
        }

        private static string Quote(string text)
        {
            StringBuilder quoted = new("\"");
            foreach (char c in text)
            {
                quoted.Append(c switch
                {
                    '\n' => "\\n",
                    '\r' => "\\r",
                    '\b' => "\\b",
                    '\f' => "\\f",
                    '\t' => "\\t",
                    '\\' => "\\\\",
                    '"' => "\\\"",
                    _ => c.ToString(),
                });
            }

            return quoted.Append('"').ToString();
        }
    }
}

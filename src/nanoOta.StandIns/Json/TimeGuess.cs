using System.Globalization;
using System.Text.RegularExpressions;

namespace nanoOta.StandIns
{
    /// <summary>Which strings nanoFramework.Json takes for a moment in time.</summary>
    internal static partial class TimeGuess
    {
        private const int ShortestLength = 18;

        /// <summary>Whether a string becomes a DateTime; not only well-formed times do.</summary>
        internal static bool TryRead(string text, out DateTime time)
        {
            time = default;
            return text.Length >= ShortestLength && (TryIso(text, out time) || TryRfc1123(text, out time) || TryTicks(text, out time) || TryCalendar(text, out time));
        }

        // What follows the seconds is not looked at.
        private static bool TryIso(string text, out DateTime time)
        {
            time = default;
            return Iso().Match(text) is { Success: true } match
                && DateTime.TryParseExact($"{match.Groups[1].Value} {match.Groups[2].Value}", "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
        }

        private static bool TryRfc1123(string text, out DateTime time)
        {
            return DateTime.TryParseExact(text, "r", CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out time);
        }

        // "Date(12)", but also any other text with a number in brackets.
        private static bool TryTicks(string text, out DateTime time)
        {
            string[] parts = text.Split('(', ')');
            bool isNumber = parts.Length > 1 & int.TryParse(parts.ElementAtOrDefault(1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int ticks) && ticks >= 0;
            time = isNumber ? new DateTime(ticks, DateTimeKind.Utc) : default;
            return isNumber;
        }

        // "20241115T123045Z", but also anything else with digits at these places.
        private static bool TryCalendar(string text, out DateTime time)
        {
            time = default;
            string value = text.Contains("DTSTART") || text.Contains("DTEND") ? text.Split(':').ElementAtOrDefault(1) ?? "" : text;
            if (text.Contains("TZID"))
            {
                value = text.Split(';', '=', ':').ElementAtOrDefault(3) ?? "";
            }

            return Calendar().Match(value) is { Success: true } match
                && DateTime.TryParseExact(match.Groups[1].Value + match.Groups[2].Value, "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
        }

        [GeneratedRegex(@"^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})", RegexOptions.CultureInvariant)]
        private static partial Regex Iso();

        [GeneratedRegex(@"^(\d{8}).(\d{6})", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
        private static partial Regex Calendar();
    }
}

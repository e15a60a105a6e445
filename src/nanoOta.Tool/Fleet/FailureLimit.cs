using System.Globalization;

namespace nanoOta.Tool.Fleet
{
    /// <summary>The number of failures at which a rollout pauses: "2" devices, or "2%" of those that decided.</summary>
    internal static class FailureLimit
    {
        /// <summary>Checks what the user typed.</summary>
        /// <exception cref="Failure">It is neither.</exception>
        public static string Of(string text)
        {
            return Is(text) ? text
                : throw new Failure(ExitCode.Usage, $"--pause-on-failure is a number of devices, such as 2, or a percentage of those that decided, such as 2%, not '{text}'.");
        }

        /// <summary>Whether a text is a limit.</summary>
        public static bool Is(string text)
        {
            return text.EndsWith('%') ? double.TryParse(text[..^1], CultureInfo.InvariantCulture, out double share) && share is > 0 and <= 100
                : uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint count) && count > 0;
        }

        /// <summary>Whether so many failures reach a limit. What is no limit is reached at the first failure.</summary>
        /// <param name="limit">The limit; null: none.</param>
        /// <param name="bad">How many failed.</param>
        /// <param name="decided">How many decided.</param>
        public static bool IsReached(string? limit, long bad, long decided)
        {
            return limit != null && bad > 0 && (limit.EndsWith('%')
                ? !double.TryParse(limit[..^1], CultureInfo.InvariantCulture, out double share) || bad * 100.0 >= share * decided
                : !long.TryParse(limit, CultureInfo.InvariantCulture, out long count) || bad >= count);
        }
    }
}

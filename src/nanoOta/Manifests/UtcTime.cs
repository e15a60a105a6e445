// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;

namespace nanoOta
{
    /// <summary>Times as offers and manifests write them: <c>2026-11-20T22:00:00Z</c>, UTC only (RFC 3339 with a Z).</summary>
    public static class UtcTime
    {
        // Days from March of year 0 to 1970-01-01, and one more: the first day of a month has number 1.
        private const int DaysBeforeEpoch = 719469;

        /// <summary>Reads a time.</summary>
        /// <param name="text">The text; a fraction of a second is allowed and dropped.</param>
        /// <param name="seconds">Receives the seconds since 1970, above 0; 0 when the text is not a time.</param>
        /// <returns>False when it is not a time in UTC between 1970 and 9999.</returns>
        public static bool TryParse(string text, out long seconds)
        {
            seconds = 0;
            if (text == null || text.Length < 20 || text.Length > 30)
            {
                return false;
            }

            char[] c = text.ToCharArray();
            int end = c.Length - 1;
            if (c[4] != '-' || c[7] != '-' || c[10] != 'T' || c[13] != ':' || c[16] != ':' || c[end] != 'Z'
                || (end > 19 && (c[19] != '.' || end == 20 || Number(c, 20, end - 20) < 0)))
            {
                return false;
            }

            int year = Number(c, 0, 4);
            int month = Number(c, 5, 2);
            int day = Number(c, 8, 2);
            int hour = Number(c, 11, 2);
            int minute = Number(c, 14, 2);
            int second = Number(c, 17, 2);
            if (year < 1970 || month < 1 || month > 12 || day < 1 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
            {
                return false;
            }

            // A device's DateTime ends with the year 3000. Years are counted from March here, so that a leap day is their last.
            int days = DaysBefore(year, month) + day;
            if (days > DaysBefore(year, month + 1))
            {
                return false;
            }

            seconds = (((days - DaysBeforeEpoch) * 24L + hour) * 60 + minute) * 60 + second;
            return seconds > 0;
        }

        /// <summary>Writes a time.</summary>
        /// <param name="seconds">Seconds since 1970.</param>
        /// <returns>The text, for example <c>2026-11-20T22:00:00Z</c>.</returns>
        public static string Format(long seconds)
        {
            DateTime time = DateTime.UnixEpoch.AddTicks(seconds * TimeSpan.TicksPerSecond);
            return time.ToString("yyyy-MM-dd") + "T" + time.ToString("HH:mm:ss") + "Z";
        }

        /// <summary>Turns a time into what gates compare.</summary>
        /// <param name="utc">The time, UTC.</param>
        /// <returns>Seconds since 1970.</returns>
        public static long ToSeconds(DateTime utc)
        {
            return (utc.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond;
        }

        // Days from March of year 0 to the first of a month, 1 to 13. From March on, five months have 153 days.
        private static int DaysBefore(int year, int month)
        {
            if (month < 3)
            {
                year--;
                month += 12;
            }

            return (year * 365) + (year / 4) - (year / 100) + (year / 400) + ((month - 3) * 153 + 2) / 5;
        }

        /// <summary>The number that a run of digits gives; -1 when there is anything else among them. Nine digits at the most.</summary>
        internal static int Number(char[] c, int at, int count)
        {
            int value = 0;
            for (int i = at; i < at + count; i++)
            {
                if (c[i] < '0' || c[i] > '9')
                {
                    return -1;
                }

                value = value * 10 + (c[i] - '0');
            }

            return value;
        }
    }
}

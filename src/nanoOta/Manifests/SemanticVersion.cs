// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;

namespace nanoOta
{
    /// <summary>
    /// A version by Semantic Versioning 2.0.0, compared by the precedence of its clause 11. Build metadata is checked, takes no
    /// part in comparison and is dropped from <see cref="Text"/>. Numbers may have any number of digits.
    /// </summary>
    public sealed class SemanticVersion
    {
        /// <summary>The longest version taken, in characters, build metadata included.</summary>
        public const int MaxLength = 63;

        private readonly char[] _chars;
        private readonly int _coreLength;

        private SemanticVersion(char[] chars, int length, int coreLength)
        {
            Text = new string(chars, 0, length);
            _chars = Text.ToCharArray();
            _coreLength = coreLength;
        }

        /// <summary>The version without build metadata, for example <c>1.2.0-rc.1</c>.</summary>
        public readonly string Text;

        /// <summary>Major, minor and patch alone, for example <c>1.2.0</c>.</summary>
        public string Core => new string(_chars, 0, _coreLength);

        /// <summary>
        /// The stem of this version's files: <c>v</c>, then the version with every <c>.</c> turned into <c>_</c>, as the
        /// twin-based update by a blob container names them (<c>v1_1_0</c>).
        /// </summary>
        public string FileStem
        {
            get
            {
                char[] stem = ("v" + Text).ToCharArray();
                for (int i = 0; i < stem.Length; i++)
                {
                    if (stem[i] == '.')
                    {
                        stem[i] = '_';
                    }
                }

                return new string(stem);
            }
        }

        /// <summary>Reads a version.</summary>
        /// <param name="text">The text; null is not a version.</param>
        /// <returns>The version, or null when the text is not one or is longer than <see cref="MaxLength"/>.</returns>
        public static SemanticVersion Parse(string text)
        {
            if (text == null || text.Length > MaxLength)
            {
                return null;
            }

            char[] c = text.ToCharArray();
            int core = -1;
            for (int part = 0; part < 3; part++)
            {
                int start = core + 1;
                int end = EndOfIdentifier(c, start, true);
                if (!IsNumber(c, start, end) || HasLeadingZero(c, start, end) || (part < 2 && (end == c.Length || c[end] != '.')))
                {
                    return null;
                }

                core = end;
            }

            int length = core;
            if (length < c.Length && c[length] == '-')
            {
                length = EndOfIdentifiers(c, length + 1, true);
            }

            int all = length;
            if (all >= 0 && all < c.Length && c[all] == '+')
            {
                all = EndOfIdentifiers(c, all + 1, false);
            }

            return all == c.Length ? new SemanticVersion(c, length, core) : null;
        }

        /// <summary>
        /// The version of a .NET assembly a.b.c.d, which is a.b.c: what an application passes as its own version, from
        /// <c>typeof(Program).Assembly.GetName().Version</c>.
        /// </summary>
        /// <param name="version">The assembly's version; a part that is not there counts as 0.</param>
        /// <returns>Its three-part text.</returns>
        public static string FromAssembly(Version version)
        {
            return version.Major + "." + version.Minor + "." + (version.Build < 0 ? 0 : version.Build);
        }

        /// <summary>Compares by precedence.</summary>
        /// <param name="other">The version to compare with.</param>
        /// <returns>Below 0 when this one is older, 0 when neither is, above 0 when this one is newer.</returns>
        public int CompareTo(SemanticVersion other)
        {
            char[] a = _chars;
            char[] b = other._chars;
            int i = -1;
            int j = -1;
            for (int identifier = 0; ; identifier++)
            {
                bool core = identifier < 3;
                int iStart = i + 1;
                int jStart = j + 1;
                i = EndOfIdentifier(a, iStart, core);
                j = EndOfIdentifier(b, jStart, core);
                int order = CompareIdentifiers(a, iStart, i, b, jStart, j);
                if (order != 0)
                {
                    return order;
                }

                if (identifier >= 2 && (i == a.Length || j == b.Length))
                {
                    // More identifiers are newer, except that a release is newer than its pre-releases.
                    int longer = (i == a.Length ? 0 : 1) - (j == b.Length ? 0 : 1);
                    return identifier == 2 ? -longer : longer;
                }
            }
        }

        // Numbers compare as numbers (no leading zeros, so the longer is the larger), texts by character, number before text.
        private static int CompareIdentifiers(char[] a, int i, int iEnd, char[] b, int j, int jEnd)
        {
            bool aNumber = IsNumber(a, i, iEnd);
            bool bNumber = IsNumber(b, j, jEnd);
            if (aNumber != bNumber)
            {
                return aNumber ? -1 : 1;
            }

            int lengths = (iEnd - i) - (jEnd - j);
            if (aNumber && lengths != 0)
            {
                return lengths;
            }

            for (; i < iEnd && j < jEnd; i++, j++)
            {
                if (a[i] != b[j])
                {
                    return a[i] - b[j];
                }
            }

            return lengths;
        }

        private static int EndOfIdentifier(char[] c, int at, bool core)
        {
            while (at < c.Length && c[at] != '.' && c[at] != '+' && !(core && c[at] == '-'))
            {
                at++;
            }

            return at;
        }

        // Checks the dot-separated identifiers from a place on; their end, or -1 when one of them is not well formed.
        private static int EndOfIdentifiers(char[] c, int at, bool preRelease)
        {
            while (true)
            {
                int end = EndOfIdentifier(c, at, false);
                if (end == at || (preRelease && IsNumber(c, at, end) && HasLeadingZero(c, at, end)))
                {
                    return -1;
                }

                for (; at < end; at++)
                {
                    char x = c[at];
                    if (!((x >= '0' && x <= '9') || (x >= 'a' && x <= 'z') || (x >= 'A' && x <= 'Z') || x == '-'))
                    {
                        return -1;
                    }
                }

                if (end == c.Length || c[end] != '.')
                {
                    return end;
                }

                at = end + 1;
            }
        }

        private static bool IsNumber(char[] c, int at, int end)
        {
            bool number = end > at;
            for (; at < end; at++)
            {
                number = number && c[at] >= '0' && c[at] <= '9';
            }

            return number;
        }

        private static bool HasLeadingZero(char[] c, int at, int end)
        {
            return c[at] == '0' && end > at + 1;
        }
    }
}

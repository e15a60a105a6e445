// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System.Text;

namespace nanoOta
{
    /// <summary>
    /// The header of a file in a bundle: POSIX.1-1988 ustar, narrowed to regular files with plain names, so that no reader finds other
    /// files in it than another one does.
    /// </summary>
    internal sealed class BundleEntry
    {
        /// <summary>Headers and contents begin at multiples of this, in bytes.</summary>
        internal const int BlockLength = 512;

        /// <summary>The most files in a bundle: two manifests, a list of keys, the images, and as many patches.</summary>
        internal const int MaxEntries = 3 + 2 * UpdateManifest.MaxComponents;

        private const int MaxName = 100;
        private const int SizeAt = 124;
        private const int ChecksumAt = 148;
        private const int TypeAt = 156;
        private const int MagicAt = 257;
        private const int PrefixAt = 345;

        /// <summary>The file's name.</summary>
        internal string Name;

        /// <summary>Its length in bytes.</summary>
        internal int Size;

        /// <summary>Bytes from this entry's content to the next header.</summary>
        internal long Padded => ((long)Size + BlockLength - 1) / BlockLength * BlockLength;

        /// <summary>Reads a header.</summary>
        /// <param name="header">One block.</param>
        /// <returns>The entry; null when the header is not one that a bundle has.</returns>
        internal static BundleEntry Read(byte[] header)
        {
            int name = 0;
            while (name < MaxName && header[name] != 0)
            {
                name++;
            }

            int size = Octal(header, SizeAt, 12);
            bool isFile = header[TypeAt] == '0' || header[TypeAt] == 0;
            bool isUstar = header[MagicAt] == 'u' && header[MagicAt + 1] == 's' && header[MagicAt + 2] == 't'
                && header[MagicAt + 3] == 'a' && header[MagicAt + 4] == 'r';
            if (!isFile || !isUstar || size < 0 || header[PrefixAt] != 0 || Octal(header, ChecksumAt, 8) != Checksum(header))
            {
                return null;
            }

            BundleEntry entry = new BundleEntry();
            entry.Name = Encoding.UTF8.GetString(header, 0, name);
            entry.Size = size;
            return IsPlainName(entry.Name) ? entry : null;
        }

        /// <summary>Whether a block is the end of a bundle: zeros.</summary>
        internal static bool IsEnd(byte[] header)
        {
            for (int i = 0; i < BlockLength; i++)
            {
                if (header[i] != 0)
                {
                    return false;
                }
            }

            return true;
        }

        /// <summary>
        /// Whether a name is that of a file in a folder, on every file system and in a URL: letters, digits, <c>.</c>, <c>_</c> and <c>-</c>,
        /// not with a dot in front, at most 100.
        /// </summary>
        internal static bool IsPlainName(string name)
        {
            if (name.Length == 0 || name.Length > MaxName || name[0] == '.')
            {
                return false;
            }

            char[] chars = name.ToCharArray();
            for (int i = 0; i < chars.Length; i++)
            {
                char c = chars[i];
                if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-'))
                {
                    return false;
                }
            }

            return true;
        }

        // Octal digits up to a NUL or a space, with spaces before them; -1 when it is no number, or none that an int holds.
        private static int Octal(byte[] header, int at, int count)
        {
            int end = at + count;
            while (at < end && header[at] == ' ')
            {
                at++;
            }

            long value = at < end && header[at] >= '0' && header[at] <= '7' ? 0 : -1;
            for (; at < end && header[at] != 0 && header[at] != ' ' && value >= 0; at++)
            {
                value = header[at] >= '0' && header[at] <= '7' ? value * 8 + (header[at] - '0') : -1;
                value = value > int.MaxValue ? -1 : value;
            }

            return (int)value;
        }

        // The sum of all bytes, with spaces in the checksum's own place.
        private static int Checksum(byte[] header)
        {
            int sum = 0;
            for (int i = 0; i < BlockLength; i++)
            {
                sum += i >= ChecksumAt && i < ChecksumAt + 8 ? ' ' : header[i];
            }

            return sum;
        }
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace System.IO
{
    /// <summary>Paths as the device writes them, <c>I:\ota\a.bin</c>, whatever the host is.</summary>
    public static class Path
    {
        /// <summary>The backslash.</summary>
        public static readonly char DirectorySeparatorChar = '\\';

        /// <summary>The slash, accepted everywhere.</summary>
        public static readonly char AltDirectorySeparatorChar = '/';

        /// <summary>The colon.</summary>
        public static readonly char VolumeSeparatorChar = ':';

        /// <summary>The semicolon.</summary>
        public static readonly char PathSeparator = ';';

        /// <summary>Gives a path another extension, with or without dot; null removes it.</summary>
        public static string? ChangeExtension(string? path, string? extension)
        {
            if (string.IsNullOrEmpty(path))
            {
                return path;
            }

            int dot = DotOfExtension(path);
            string stem = dot < 0 ? path : path[..dot];
            return extension is null ? stem : extension.StartsWith('.') ? stem + extension : stem + '.' + extension;
        }

        /// <summary>Joins two paths; a rooted second one stands alone.</summary>
        public static string Combine(string path1, string path2)
        {
            ArgumentNullException.ThrowIfNull(path1);
            ArgumentNullException.ThrowIfNull(path2);
            if (path1.Length == 0 || path2.Length == 0)
            {
                return path1 + path2;
            }

            if (IsPathRooted(path2))
            {
                return path2;
            }

            // A relative path in the root stays without slash, and is then no drive's: device paths need their drive.
            bool hasSeparator = IsSeparator(path1[^1]);
            return (path1 == "\\" ? "" : path1) + (hasSeparator ? "" : "\\") + path2;
        }

        /// <summary>The directory of a path; null for a root or nothing.</summary>
        public static string? GetDirectoryName(string? path)
        {
            if (IsBlank(path))
            {
                return null;
            }

            int root = RootLength(path);
            int end = path.Length;
            if (end <= root)
            {
                return null;
            }

            while (end > root && !IsSeparator(path[--end]))
            {
            }

            while (end > root && IsSeparator(path[end - 1]))
            {
                end--;
            }

            return Normalize(path[..end]);
        }

        /// <summary>The extension with its dot, or an empty string.</summary>
        public static string? GetExtension(string? path)
        {
            return path is null ? null : HasExtension(path) ? path[DotOfExtension(path)..] : "";
        }

        /// <summary>What follows the last separator.</summary>
        public static string? GetFileName(string? path)
        {
            if (path is null)
            {
                return null;
            }

            int start = Math.Max(path.LastIndexOfAny(['\\', '/']) + 1, RootLength(path));
            return path[start..];
        }

        /// <summary>The file name up to its last dot.</summary>
        public static string? GetFileNameWithoutExtension(string? path)
        {
            string? name = GetFileName(path);
            return name is not null && name.LastIndexOf('.') is >= 0 and int dot ? name[..dot] : name;
        }

        /// <summary>An absolute path without <c>.</c>, <c>..</c> and doubled separators.</summary>
        /// <exception cref="ArgumentException"><paramref name="path"/> is empty or null.</exception>
        public static string GetFullPath(string path)
        {
            ArgumentException.ThrowIfNullOrEmpty(path);
            return Normalize(IsPathRooted(path) ? path : Combine(Directory.GetCurrentDirectory(), path));
        }

        /// <summary>The root, <c>I:\</c>; empty without one.</summary>
        public static string? GetPathRoot(string? path)
        {
            return IsBlank(path) ? null : Normalize(path[..RootLength(path)]);
        }

        /// <summary>Whether something follows the last dot of the last name.</summary>
        public static bool HasExtension(string? path)
        {
            return path is not null && DotOfExtension(path) is >= 0 and int dot && dot < path.Length - 1;
        }

        /// <summary>Whether a path begins with a drive or a separator.</summary>
        public static bool IsPathRooted(string? path)
        {
            return !string.IsNullOrEmpty(path) && (IsSeparator(path[0]) || HasDrive(path));
        }

        private static bool IsSeparator(char c) => c is '\\' or '/';

        private static bool IsBlank([NotNullWhen(false)] string? path) => string.IsNullOrEmpty(path) || path.Trim(' ').Length == 0;

        private static bool HasDrive(string path) => path.Length >= 2 && char.IsAsciiLetter(path[0]) && path[1] == ':';

        private static int RootLength(string path)
        {
            if (HasDrive(path))
            {
                return path.Length > 2 && IsSeparator(path[2]) ? 3 : 2;
            }

            return path.Length == 1 && IsSeparator(path[0]) ? 1 : 0;
        }

        private static int DotOfExtension(string path)
        {
            int dot = path.LastIndexOf('.');
            return dot > path.LastIndexOfAny(['\\', '/']) ? dot : -1;
        }

        private static string Normalize(string path)
        {
            List<string> names = [];
            bool climbs = false;
            string[] parts = path.Split('\\', '/');
            for (int i = 0; i < parts.Length; i++)
            {
                if (parts[i] == "..")
                {
                    climbs = true;
                    if (i == 0)
                    {
                        names.Add("..");
                    }
                    else if (names.Count > 0)
                    {
                        names.RemoveAt(names.Count - 1);
                    }
                }
                else if (parts[i].Length > 0 && parts[i] != ".")
                {
                    names.Add(parts[i]);
                }
            }

            StringBuilder result = new();
            if (!climbs && path.Length > 0 && IsSeparator(path[0]))
            {
                result.Append('\\');
            }

            result.AppendJoin('\\', names);
            if (path.Length > 0 && IsSeparator(path[^1]))
            {
                result.Append('\\');
            }

            return result.ToString();
        }
    }
}

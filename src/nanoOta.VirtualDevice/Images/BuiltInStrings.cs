namespace nanoOta.VirtualDevice.Images
{
    /// <summary>
    /// Strings that are not in an assembly's own table but in the CLR: index 0xFFFF is string 0, 0xFFFE string 1, and so on.
    /// Of the CLR's 860 only those are listed that name, or could well name, a library. Of nanoFramework's own these are mscorlib, the only
    /// one with native code, and System.Threading, which nearly every application references. The table has not changed since
    /// nanoFramework began (c_CLR_StringTable_Data of nf-interpreter, main at a3e8139a, and develop).
    /// </summary>
    internal static class BuiltInStrings
    {
        private const int Count = 860;

        private static readonly Dictionary<int, string> _names = new()
        {
            [0x137] = "Microsoft.SPOT",
            [0x138] = "Microsoft.SPOT.Hardware",
            [0x139] = "Microsoft.SPOT.Messaging",
            [0x13A] = "Microsoft.SPOT.Touch",
            [0x1BF] = "System",
            [0x1C0] = "System.Collections",
            [0x1CB] = "System.ComponentModel",
            [0x1CC] = "System.Diagnostics",
            [0x1CD] = "System.Globalization",
            [0x1CE] = "System.Globalization.Resources",
            [0x1CF] = "System.IO",
            [0x1D0] = "System.Reflection",
            [0x1D1] = "System.Resources",
            [0x1D2] = "System.Runtime.CompilerServices",
            [0x1D3] = "System.Runtime.Remoting",
            [0x1D4] = "System.Runtime.Versioning",
            [0x1D5] = "System.Security.Cryptography.X509Certificates",
            [0x1D6] = "System.Text",
            [0x1D7] = "System.Threading",
            [0x32D] = "mscorlib",
        };

        /// <summary>
        /// The string of an index from the built-in range, one not listed as "built-in string 0x…": still the same text
        /// for the same name, so references resolve. Null for an index into the assembly's own table.
        /// </summary>
        public static string? Find(ushort index)
        {
            int number = 0xFFFF - index;
            return number >= Count ? null : _names.GetValueOrDefault(number, $"built-in string 0x{number:X3}");
        }

        /// <summary>The index of a listed name; null when the name belongs into the assembly's own table.</summary>
        public static ushort? IndexOf(string name)
        {
            foreach ((int number, string listed) in _names)
            {
                if (listed == name)
                {
                    return (ushort)(0xFFFF - number);
                }
            }

            return null;
        }
    }
}

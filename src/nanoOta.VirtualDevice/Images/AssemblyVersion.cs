using System.Globalization;

namespace nanoOta.VirtualDevice.Images
{
    /// <summary>A nanoFramework assembly's version, four numbers of 16 bits. a.b.c.d corresponds to the release a.b.c.</summary>
    public readonly record struct AssemblyVersion(ushort Major, ushort Minor, ushort Build = 0, ushort Revision = 0)
    {
        /// <summary>Reads "a.b", "a.b.c" or "a.b.c.d", each 0 to 65535; missing numbers are 0.</summary>
        public static bool TryParse(string text, out AssemblyVersion version)
        {
            version = default;
            string[] parts = text.Split('.');
            var numbers = new ushort[4];
            if (parts.Length is < 2 or > 4)
            {
                return false;
            }

            for (int i = 0; i < parts.Length; i++)
            {
                if (!ushort.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
                {
                    return false;
                }
            }

            version = new AssemblyVersion(numbers[0], numbers[1], numbers[2], numbers[3]);
            return true;
        }

        /// <summary>"a.b.c.d".</summary>
        public override string ToString()
        {
            return $"{Major}.{Minor}.{Build}.{Revision}";
        }
    }
}

using nanoOta.Tests.Images;

namespace nanoOta.Tests.Deltas
{
    /// <summary>What lies in tests/vectors/deltas.</summary>
    internal static class DeltaVectors
    {
        /// <summary>The lines of a list, each with its columns.</summary>
        public static IEnumerable<string[]> Lines(string list)
        {
            return File.ReadAllLines(Vectors.PathOf(list, "deltas")).Where(line => !line.StartsWith('#')).Select(line => line.Split('\t'));
        }

        /// <summary>A deployment of parts joined by +, for example <c>mscorlib+now/TwinUpdate</c>.</summary>
        public static byte[] Image(string parts)
        {
            return [.. parts.Split('+').SelectMany(part => part == "mscorlib" ? EditedAssembly.Mscorlib() : Vectors.Read(part + ".pe", "deltas"))];
        }
    }
}

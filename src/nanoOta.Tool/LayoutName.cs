using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tool
{
    /// <summary>Flash layouts as the user names them.</summary>
    internal static class LayoutName
    {
        /// <summary>Every name, for messages.</summary>
        public static string All => string.Join(", ", FlashLayouts.All.Append(FlashLayouts.Stock).Select(layout => layout.Name));

        /// <summary>The layout of a name.</summary>
        /// <exception cref="Failure">There is none.</exception>
        public static FlashLayout Find(string name)
        {
            return FlashLayouts.Find(name) ?? throw new Failure(ExitCode.Usage, $"there is no layout '{name}'; there are {All}.");
        }
    }
}

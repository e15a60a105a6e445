using System.CommandLine;
using nanoOta.Tool.Packing;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tool.Releases
{
    /// <summary>The options of <c>release</c> that make base images: what a board of a layout is flashed with first.</summary>
    internal sealed class BaseImageOptions
    {
        private readonly Option<string[]> _bootloader = new("--bootloader") { Description = "Make base images, with this bootloader; LAYOUT=FILE for one layout." };
        private readonly Option<string[]> _clr = new("--clr") { Description = "The firmware of base images, when none is among the images of the release; LAYOUT=FILE for one layout." };

        /// <summary>Gives a command the options.</summary>
        public void AddTo(Command command)
        {
            command.Options.Add(_bootloader);
            command.Options.Add(_clr);
        }

        /// <summary>Whether base images are asked for.</summary>
        public bool IsAsked(ParseResult result) => result.GetValue(_bootloader) is { Length: > 0 } || result.GetValue(_clr) is { Length: > 0 };

        /// <summary>Makes the base image of a layout, if its boards are flashed so.</summary>
        /// <param name="result">The command line.</param>
        /// <param name="layout">The layout.</param>
        /// <param name="images">The release's images.</param>
        /// <param name="output">Where it says why there is none.</param>
        /// <exception cref="Failure">A file is missing, does not fit, or is for another chip.</exception>
        public FlashImage? Make(ParseResult result, FlashLayout layout, IReadOnlyList<PackedImage> images, Output output)
        {
            if (!FlashImage.Fits(layout))
            {
                output.Line($"No base image for {layout.Name}: its boards are not flashed by esptool with slots for updates.");
                return null;
            }

            PackedImage deployment = images.FirstOrDefault(image => image.Id == ManifestComponent.Deployment)
                ?? throw new Failure(ExitCode.Usage, "a base image holds an application, and no deployment is among the images. Leave --bootloader and --clr out, or add the deployment.");
            byte[] clr = File(result, _clr, layout) ?? images.FirstOrDefault(image => image.Id == ManifestComponent.Clr)?.Bytes
                ?? throw new Failure(ExitCode.Usage, "a base image holds a firmware: name it by --clr nanoCLR.bin, or add it to the images if it is to be updated over the air, too.");
            return FlashImage.Make(layout, File(result, _bootloader, layout), clr, deployment.Bytes);
        }

        /// <summary>Refuses a file for a layout that is not released.</summary>
        /// <exception cref="Failure">There is one.</exception>
        public void RequireKnown(ParseResult result, IReadOnlyList<FlashLayout> layouts)
        {
            foreach (Option<string[]> option in new[] { _bootloader, _clr })
            {
                string[] given = result.GetValue(option) ?? [];
                if (given.FirstOrDefault(text => LayoutOf(text) is { } name && layouts.All(layout => layout.Name != name)) is { } unused)
                {
                    throw new Failure(ExitCode.Usage, $"{option.Name} {unused} is for a layout that is not released; --layout names {string.Join(", ", layouts.Select(layout => layout.Name))}.");
                }

                if (given.Select(LayoutOf).GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
                {
                    throw new Failure(ExitCode.Usage, $"{option.Name} is given twice for {twice.Key ?? "all layouts"}.");
                }
            }
        }

        private static byte[]? File(ParseResult result, Option<string[]> option, FlashLayout layout)
        {
            string[] given = result.GetValue(option) ?? [];
            string? path = given.FirstOrDefault(text => LayoutOf(text) == layout.Name)?[(layout.Name.Length + 1)..] ?? given.FirstOrDefault(text => LayoutOf(text) == null);
            return path == null ? null : InputFile.Bytes(path);
        }

        // What stands before an equals sign, if that is a layout: otherwise the text is a path.
        private static string? LayoutOf(string text)
        {
            int equals = text.IndexOf('=');
            return equals > 0 && FlashLayouts.Find(text[..equals]) != null ? text[..equals] : null;
        }
    }
}

using System.Buffers.Binary;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tool.Packing
{
    /// <summary>A file to be packed: a path whose content tells the component, or <c>ID=FILE</c>, or <c>ID@VERSION=FILE</c>.</summary>
    internal static class PackInput
    {
        // As many characters as devices read.
        private const int MaxId = 32;

        /// <summary>Reads and judges one.</summary>
        /// <param name="text">As the user wrote it.</param>
        /// <param name="layout">The flash layout that firmware must fit; null: any.</param>
        /// <param name="version">The release's version: that of a component that says none itself.</param>
        /// <exception cref="Failure">It cannot be read, or is not what its id says.</exception>
        public static PackedImage Read(string text, FlashLayout? layout, string version)
        {
            int equals = text.IndexOf('=');
            string before = equals < 0 ? "" : text[..equals];
            string[] parts = before.Split('@');
            if (!IsId(parts[0]) || parts.Length > 2)
            {
                return OfContent(text, layout);
            }

            string path = text[(equals + 1)..];
            string? own = parts.Length == 2 ? parts[1] : null;
            return own != null && SemanticVersion.Parse(own) == null
                ? throw new Failure(ExitCode.Usage, $"'{own}' in '{text}' is no semantic version, such as 2.3.0.")
                : parts[0] is ManifestComponent.Deployment or ManifestComponent.Clr or AppFolders.Component
                ? Named(parts[0], path, layout, own)
                : OfModule(parts[0], path, own, version);
        }

        // What has a slash before the equals sign, or is no id otherwise, is a path.
        private static bool IsId(string text)
        {
            return text.Length is > 0 and <= MaxId && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') && text[0] != '.';
        }

        private static PackedImage OfContent(string path, FlashLayout? layout)
        {
            byte[] bytes = InputFile.Bytes(path);
            return IsMcuboot(bytes)
                ? throw new Failure(ExitCode.Unsound, $"{path} is an MCUboot image, which devices take for a module of yours: name its component, such as motor={path}.")
                : PackedImage.Judge(path, bytes, layout);
        }

        private static PackedImage Named(string id, string path, FlashLayout? layout, string? own)
        {
            PackedImage image = OfContent(path, layout);
            return image.Id != id
                ? throw new Failure(ExitCode.Unsound, $"{path} is not of the component '{id}': its content is that of '{image.Id}'.{(id == AppFolders.Component ? " An application for stock firmware takes --layout stock-4mb." : "")}")
                : own != null && own != image.Version
                ? throw new Failure(ExitCode.Unsound, $"{path} has version {image.Version}, not {own}: devices compare it with what is in the image.")
                : image;
        }

        private static PackedImage OfModule(string id, string path, string? own, string version)
        {
            byte[] bytes = InputFile.Bytes(path);
            if (bytes.Length == 0)
            {
                throw new Failure(ExitCode.Unsound, $"{path} is empty: a component has at least one byte.");
            }

            if (!IsMcuboot(bytes))
            {
                return new PackedImage(id, own ?? SemanticVersion.Parse(version)?.Core ?? version, bytes, null);
            }

            McubootImage image = McubootImage.Read(bytes);
            string core = string.Join('.', image.Version.Split('+')[0].Split('.').Take(3));
            return image.Checks.FirstOrDefault(check => !check.Ok) is { } failed
                ? throw new Failure(ExitCode.Unsound, $"{path}: Not a sound MCUboot image. {failed.Name}: {failed.Sentence}")
                : own != null && SemanticVersion.Parse(own)!.Core != core
                ? throw new Failure(ExitCode.Unsound, $"{path} has version {image.Version}, not {own}.")
                : new PackedImage(id, own ?? core, bytes, null);
        }

        private static bool IsMcuboot(byte[] bytes)
        {
            return bytes.Length >= 4 && BinaryPrimitives.ReadUInt32LittleEndian(bytes) == McubootImage.Magic;
        }
    }
}

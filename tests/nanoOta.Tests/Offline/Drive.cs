using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;

namespace nanoOta.Tests.Offline
{
    /// <summary>A USB drive in a test's hands, and what an operator puts on it.</summary>
    internal sealed class Drive
    {
        public const string Folder = @"D:\";

        public Drive()
        {
            VirtualFileSystem.Current = Files;
            Files.AddDrive("D:", 1 << 24);
        }

        public VirtualFileSystem Files { get; } = new(0);

        public static byte[] Manifest(string version, byte[] image, string more = "")
        {
            string stem = SemanticVersion.Parse(version).FileStem;
            return Encoding.UTF8.GetBytes($$"""{"schema":1,"version":"{{version}}",{{more}}"components":[{"id":"deployment","version":"{{version}}","size":{{image.Length}},"sha256":"{{Convert.ToHexStringLower(SHA256.HashData(image))}}","urls":["{{stem}}.bin"]}]}""");
        }

        /// <summary>A bundle of a manifest and an image.</summary>
        public static byte[] Bundle(string version, byte[] image, TarEntryFormat format = TarEntryFormat.Ustar)
        {
            string stem = SemanticVersion.Parse(version).FileStem;
            return Tar(format, (stem + ".json", Manifest(version, image)), (stem + ".bin", image));
        }

        public static byte[] Tar(TarEntryFormat format, params (string Name, byte[] Content)[] files)
        {
            using var bytes = new MemoryStream();
            using (var tar = new TarWriter(bytes, format, leaveOpen: true))
            {
                foreach ((string name, byte[] content) in files)
                {
                    TarEntry entry = format switch
                    {
                        TarEntryFormat.Ustar => new UstarTarEntry(TarEntryType.RegularFile, name),
                        TarEntryFormat.Gnu => new GnuTarEntry(TarEntryType.RegularFile, name),
                        TarEntryFormat.V7 => new V7TarEntry(TarEntryType.V7RegularFile, name),
                        _ => new PaxTarEntry(TarEntryType.RegularFile, name),
                    };
                    entry.DataStream = new MemoryStream(content);
                    tar.WriteEntry(entry);
                }
            }

            return bytes.ToArray();
        }

        public void Put(string name, byte[] content)
        {
            DeviceFile.WriteAllBytes(Folder + name, content);
        }

        public void Delete(string name)
        {
            DeviceFile.Delete(Folder + name);
        }
    }
}

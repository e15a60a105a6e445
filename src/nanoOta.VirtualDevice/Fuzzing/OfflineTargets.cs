extern alias StandIns;

using System.Formats.Tar;
using System.Text;
using nanoOta.VirtualDevice.Images;
using StandIns::nanoOta.StandIns;
using DeviceFile = StandIns::System.IO.File;

namespace nanoOta.VirtualDevice.Fuzzing
{
    /// <summary>What is read from a drive that somebody plugs in: a bundle, by the channel and the source that devices have.</summary>
    internal static class OfflineTargets
    {
        private const int MaxReads = 64;
        private const string Folder = @"D:\";
        private const string Manifest = """{"schema":1,"version":"1.1.0","components":[{"id":"deployment","version":"1.1.0","size":3,"sha256":"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff","urls":["v1_1_0.bin"]}]}""";

        public static IReadOnlyList<FuzzTarget> All { get; } =
        [
            new("bundle", 60, [Tar(TarEntryFormat.Ustar), Tar(TarEntryFormat.Gnu), Tar(TarEntryFormat.Pax)], input =>
            {
                VirtualFileSystem.Current = new VirtualFileSystem(0);
                VirtualFileSystem.Current.AddDrive("D:", 1 << 24);
                DeviceFile.WriteAllBytes(Folder + "u.tar", input);
                UpdateAgentOptions options = HostOptions.Create();
                var channel = new FolderChannel(options, Folder, 60);
                channel.Step(0);
                UpdateOffer? offer = channel.Offer;
                Require(offer?.Document == null || (offer.Document.Length <= UpdateManifest.MaxLength + 1 && offer.Digest != null), "a document that is too long, or without its digest");
                var source = new FolderImageSource(Folder, null);
                byte[] buffer = new byte[4096];
                foreach (string name in new[] { "v1_1_0.json", "v1_1_0.bin", "keys.jws", "" })
                {
                    if (source.Open(FolderImageSource.BaseUrl + "u.tar/" + name, 1, 0) != ResultCode.None)
                    {
                        continue;
                    }

                    Require(source.Length > 0 && source.Length <= input.Length && source.Offset == 1, $"{name} of {source.Length} bytes from {source.Offset} in a file of {input.Length}");
                    int total = 0;
                    for (int i = 0; source.Read(buffer, 0, buffer.Length, out int read) == ResultCode.None && read > 0; i++)
                    {
                        total += read;
                        Require(i < MaxReads, "reads on and on");
                    }

                    Require(total == source.Length - 1, $"{total} bytes of {source.Length}");
                    source.Close();
                }

                ImageFile.Identify(input);
            }),
        ];

        private static byte[] Tar(TarEntryFormat format)
        {
            using var bytes = new MemoryStream();
            using (var tar = new TarWriter(bytes, format, leaveOpen: true))
            {
                foreach ((string name, string content) in new[] { ("v1_1_0.json", Manifest), ("v1_1_0.bin", "abc") })
                {
                    TarEntry entry = format switch
                    {
                        TarEntryFormat.Ustar => new UstarTarEntry(TarEntryType.RegularFile, name),
                        TarEntryFormat.Gnu => new GnuTarEntry(TarEntryType.RegularFile, name),
                        _ => new PaxTarEntry(TarEntryType.RegularFile, name),
                    };
                    entry.DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content));
                    entry.ModificationTime = DateTimeOffset.UnixEpoch;
                    tar.WriteEntry(entry);
                }
            }

            return bytes.ToArray();
        }

        private static void Require(bool condition, string otherwise)
        {
            if (!condition)
            {
                throw new FuzzException(otherwise);
            }
        }
    }
}

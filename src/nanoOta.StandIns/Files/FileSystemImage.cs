using System.Text;

namespace nanoOta.StandIns
{
    /// <summary>The durable content of a file system as bytes: drives, and under each its directories and files.</summary>
    internal static class FileSystemImage
    {
        private const uint Magic = 0x3153464E; // "NFS1"

        internal static void Save(VirtualFileSystem fileSystem, Stream destination)
        {
            using BinaryWriter writer = new(destination, Encoding.UTF8, leaveOpen: true);
            writer.Write(Magic);
            writer.Write(fileSystem.OperationCount);
            writer.Write(fileSystem.Volumes.Count);
            foreach (VirtualVolume volume in fileSystem.Volumes)
            {
                writer.Write(volume.Name);
                writer.Write(volume.Capacity);
                writer.Write(volume.Entries.Count);
                foreach ((string key, byte[]? content) in volume.Entries)
                {
                    writer.Write(key);
                    writer.Write(content?.Length ?? -1);
                    writer.Write(content ?? []);
                }
            }
        }

        internal static void Load(VirtualFileSystem fileSystem, Stream source)
        {
            using BinaryReader reader = new(source, Encoding.UTF8, leaveOpen: true);
            try
            {
                Check(reader.ReadUInt32() == Magic);
                fileSystem.OperationCount = reader.ReadInt32();
                for (int volumes = reader.ReadInt32(); volumes > 0; volumes--)
                {
                    string name = reader.ReadString();
                    fileSystem.AddDrive(name, reader.ReadInt64());
                    ReadEntries(reader, fileSystem.Volume(name)!);
                }
            }
            catch (Exception e) when (e is EndOfStreamException or ArgumentException or FormatException)
            {
                throw new InvalidDataException("This is not a saved file system.", e);
            }
        }

        private static void ReadEntries(BinaryReader reader, VirtualVolume volume)
        {
            for (int entries = reader.ReadInt32(); entries > 0; entries--)
            {
                string key = reader.ReadString();
                int length = reader.ReadInt32();
                Check(length >= -1 && length <= volume.Capacity);
                byte[]? content = length < 0 ? null : reader.ReadBytes(length);
                Check(content is null || content.Length == length);
                volume.Put(key, content);
            }
        }

        private static void Check(bool condition)
        {
            if (!condition)
            {
                throw new InvalidDataException("This is not a saved file system.");
            }
        }
    }
}

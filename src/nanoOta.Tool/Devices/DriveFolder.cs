extern alias StandIns;

using StandIns::nanoOta.StandIns;
using DeviceFile = StandIns::System.IO.File;

namespace nanoOta.Tool.Devices
{
    /// <summary>A folder of the PC as a virtual device's USB drive: its files as they were when it was plugged in.</summary>
    internal sealed class DriveFolder
    {
        /// <summary>The drive's root on the device.</summary>
        public const string Root = @"D:\";

        // Of an ordinary drive; files of the tool have at most 64 MiB each.
        private const long Capacity = 1L << 30;
        private const string Name = "D:";

        private readonly IReadOnlyList<(string Name, byte[] Content)> _files;

        private DriveFolder(IReadOnlyList<(string Name, byte[] Content)> files)
        {
            _files = files;
        }

        /// <summary>Reads a folder. Folders in it are passed over.</summary>
        /// <exception cref="Failure">It cannot be read.</exception>
        public static DriveFolder Read(string folder)
        {
            string[] paths = Failure.OfFiles($"cannot read {folder}", () => Directory.GetFiles(folder).Order(StringComparer.Ordinal).ToArray());
            return new DriveFolder([.. paths.Select(path => (Path.GetFileName(path), InputFile.Bytes(path)))]);
        }

        /// <summary>Plugs the drive in.</summary>
        public void Insert(VirtualFileSystem drives)
        {
            VirtualFileSystem.Current = drives;
            drives.AddDrive(Name, Capacity);
            foreach ((string name, byte[] content) in _files)
            {
                DeviceFile.WriteAllBytes(Root + name, content);
            }
        }

        /// <summary>Pulls it out.</summary>
        public void Remove(VirtualFileSystem drives)
        {
            drives.RestorePower();
            drives.RemoveDrive(Name);
        }
    }
}

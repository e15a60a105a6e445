using nanoOta.StandIns;

namespace System.IO
{
    /// <summary>A drive of the device.</summary>
    public sealed class DriveInfo
    {
        /// <summary>Looks a drive up.</summary>
        /// <param name="driveName">Letter and colon without slash, <c>I:</c>.</param>
        /// <exception cref="Exception">No such drive: HResult 0xE4000000.</exception>
        public DriveInfo(string driveName)
        {
            ArgumentNullException.ThrowIfNull(driveName);
            string name = driveName.StartsWith('\\') ? driveName[1..] : driveName;
            VirtualVolume volume = VirtualFileSystem.Current.Volume(name) ?? throw FileError.Native(FileError.VolumeNotFound);
            Name = volume.Name;
            DriveType = Name == "I:" ? DriveType.Fixed : DriveType.Removable;
        }

        /// <summary>Letter and colon.</summary>
        public string Name { get; set; }

        /// <summary>Fixed for the internal drive.</summary>
        public DriveType DriveType { get; set; }

        /// <summary>-1: the littlefs driver of ESP32 does not know its size.</summary>
        public long TotalSize { get; set; } = -1;

        /// <summary>All drives.</summary>
        public static DriveInfo[] GetDrives()
        {
            return [.. VirtualFileSystem.Current.Volumes.Select(volume => new DriveInfo(volume.Name))];
        }
    }
}

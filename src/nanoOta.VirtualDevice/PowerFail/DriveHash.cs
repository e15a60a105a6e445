extern alias StandIns;

using System.Security.Cryptography;
using StandIns::nanoOta.StandIns;

namespace nanoOta.VirtualDevice.PowerFail
{
    /// <summary>What a drive holds, in a number.</summary>
    internal static class DriveHash
    {
        /// <summary>SHA-256 over the drive's content, whatever it took to get there.</summary>
        public static byte[] Of(VirtualFileSystem drive)
        {
            using var saved = new MemoryStream();
            drive.Save(saved);
            byte[] image = saved.ToArray();

            // How many operations there were.
            BitConverter.TryWriteBytes(image.AsSpan(sizeof(uint)), 0);
            return SHA256.HashData(image);
        }
    }
}

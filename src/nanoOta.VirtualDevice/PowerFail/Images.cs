using System.Collections.Concurrent;
using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.VirtualDevice.PowerFail
{
    /// <summary>
    /// The images of scenarios: large enough for three checkpoints each, and different in every byte. The factory's is longer, so
    /// that what overwrites it must erase its tail. Each is made once: worlds come by the thousand.
    /// </summary>
    internal static class Images
    {
        /// <summary>The version that devices leave the factory with.</summary>
        public const string Factory = "1.0.0";

        /// <summary>Its firmware's version a.b.c.</summary>
        public const string FactoryFirmware = "1.16.0";

        private const int DeploymentSize = 34_004;
        private const int FactorySize = 46_004;
        private const int FirmwareSize = 34_000;

        private static readonly ConcurrentDictionary<string, byte[]> _deployments = new();
        private static readonly ConcurrentDictionary<string, byte[]> _firmwares = new();
        private static readonly ConcurrentDictionary<string, NorFlash> _devices = new();

        public static byte[] Deployment(string version)
        {
            return _deployments.GetOrAdd(version, _ =>
            {
                ushort[] parts = [.. version.Split('.').Select(ushort.Parse)];
                return SampleImages.Deployment(new AssemblyVersion(parts[0], parts[1], parts[2]), version == Factory ? FactorySize : DeploymentSize, Seed(version));
            });
        }

        public static byte[] Firmware(string version)
        {
            return _firmwares.GetOrAdd(version, _ => SampleImages.Esp32(version + ".0", FirmwareSize, Seed(version)));
        }

        /// <summary>A new device's flash.</summary>
        public static NorFlash Device(FlashLayout layout)
        {
            NorFlash made = _devices.GetOrAdd(layout.Name, _ => DeviceFactory.Make(layout, Deployment(Factory), Firmware(FactoryFirmware)));
            lock (made)
            {
                return made.Copy();
            }
        }

        private static ulong Seed(string version)
        {
            return (ulong)version.Sum(c => c * 7919L) + (ulong)version.Length;
        }
    }
}

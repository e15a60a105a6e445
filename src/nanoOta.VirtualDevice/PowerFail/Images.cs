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

        private static readonly ConcurrentDictionary<(string Version, bool InParts), byte[]> _deployments = new();
        private static readonly ConcurrentDictionary<string, byte[]> _firmwares = new();
        private static readonly ConcurrentDictionary<(string Layout, bool InParts), NorFlash> _devices = new();

        /// <summary>A deployment.</summary>
        /// <param name="version">Its version a.b.c.</param>
        /// <param name="inParts">Whether it consists of several assemblies, of which some are the same in all versions.</param>
        public static byte[] Deployment(string version, bool inParts = false)
        {
            return _deployments.GetOrAdd((version, inParts), _ =>
            {
                ushort[] parts = [.. version.Split('.').Select(ushort.Parse)];
                var application = new AssemblyVersion(parts[0], parts[1], parts[2]);
                return inParts ? InParts(version, application)
                    : SampleImages.Deployment(application, version == Factory ? FactorySize : DeploymentSize, Seed(version));
            });
        }

        public static byte[] Firmware(string version)
        {
            return _firmwares.GetOrAdd(version, _ => SampleImages.Esp32(version + ".0", FirmwareSize, Seed(version)));
        }

        /// <summary>A new device's flash.</summary>
        public static NorFlash Device(FlashLayout layout, bool inParts = false)
        {
            NorFlash made = _devices.GetOrAdd((layout.Name, inParts), _ => DeviceFactory.Make(layout, Deployment(Factory, inParts), Firmware(FactoryFirmware)));
            lock (made)
            {
                return made.Copy();
            }
        }

        // Assemblies that stay, one that changes a little, one that is new in each version, and one that only the factory's image has.
        private static byte[] InParts(string version, AssemblyVersion application)
        {
            var one = new AssemblyVersion(1, 0);
            byte[] changed = DeploymentBuilder.Assembly(new AssemblySpec("Changed", new AssemblyVersion(1, application.Minor, application.Major)), 24_000, seed: 2);
            byte[] fresh = DeploymentBuilder.Assembly(new AssemblySpec("Fresh", one), 17_000, Seed(version));
            byte[] gone = version == Factory ? DeploymentBuilder.Assembly(new AssemblySpec("Gone", one), 6000, seed: 3) : [];
            return
            [
                .. DeploymentBuilder.Assembly(new AssemblySpec("Kept", one), 5000, seed: 1), .. changed, .. gone, .. fresh,
                .. DeploymentBuilder.Assembly(new AssemblySpec("KeptToo", one), 8996, seed: 4),
                .. DeploymentBuilder.Assembly(new AssemblySpec("App", application), 3000, seed: 5),
            ];
        }

        private static ulong Seed(string version)
        {
            return (ulong)version.Sum(c => c * 7919L) + (ulong)version.Length;
        }
    }
}

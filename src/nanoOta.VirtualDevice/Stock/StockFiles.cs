extern alias StandIns;

using nanoOta.VirtualDevice.Images;
using StandIns::nanoOta.StandIns;

namespace nanoOta.VirtualDevice.Stock
{
    /// <summary>Makes the internal drive of stock devices.</summary>
    public static class StockFiles
    {
        // What is left to certificates, the network's configuration, records, and littlefs itself.
        private const int Reserve = 64 * 1024;
        private const int BlockLength = 4096;

        // Of the heap, for agent and application.
        private const int HeapReserve = 32 * 1024;

        /// <summary>Bytes that both applications of a device may take together.</summary>
        public static int Space(FlashLayout layout)
        {
            return (int)layout.Table.Find("config")!.Size - Reserve;
        }

        /// <summary>What a boot makes of the current drive.</summary>
        internal static AppFolders Boot(FlashLayout layout, AppRuntimeModel runtime)
        {
            return new AppFolders(StockDevice.Root, Space(layout), runtime, HeapReserve);
        }

        /// <summary>A drive on which an application is installed and confirmed, by the very code that updates it later.</summary>
        /// <param name="layout">The layout.</param>
        /// <param name="application">The application's assemblies, one behind the other.</param>
        /// <exception cref="ArgumentException">The image is not sound, does not fit, or is not for a file; the message says.</exception>
        public static VirtualFileSystem Make(FlashLayout layout, byte[] application)
        {
            Deployment image = Deployment.Read(application);
            if (image.ChecksForLoader().FirstOrDefault(check => !check.Ok) is { } failed)
            {
                throw new ArgumentException($"{failed.Name}: {failed.Sentence}");
            }

            var files = new VirtualFileSystem(layout.Table.Find("config")!.Size);
            VirtualFileSystem.Current = files;
            Install(layout, application, image.Application!.Version);
            return files;
        }

        private static void Install(FlashLayout layout, byte[] application, AssemblyVersion own)
        {
            var version = SemanticVersion.Parse($"{own.Major}.{own.Minor}.{own.Build}");
            var component = new ManifestComponent { Id = AppFolders.Component, Version = version, Size = application.Length };
            var manifest = new UpdateManifest { Version = version, Components = [component] };
            var folders = Boot(layout, new AppRuntimeModel());
            Require(folders.Check(component));
            Require(folders.Prepare(component, 0));
            for (int at = 0; at < application.Length; at += BlockLength)
            {
                byte[] block = application[at..Math.Min(application.Length, at + BlockLength)];
                Require(folders.Write(block, block.Length));
            }

            Require(folders.Verify(manifest, new byte[BlockLength]));
            Require(folders.Activate(manifest, new byte[Sha256.DigestLength]));
            Require(Boot(layout, new AppRuntimeModel()).Confirm());
        }

        private static void Require(ResultCode code)
        {
            if (code != ResultCode.None)
            {
                throw new ArgumentException($"No device takes this application: {ResultText.Name(code)}: {ResultText.Sentence(code)}");
            }
        }
    }
}

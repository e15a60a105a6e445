extern alias StandIns;

using Microsoft.Win32.SafeHandles;
using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;
using nanoOta.VirtualDevice.PowerFail;
using nanoOta.VirtualDevice.PowerFail.Components;
using nanoOta.VirtualDevice.Stock;
using StandIns::nanoOta.StandIns;

namespace nanoOta.Tool.Devices
{
    /// <summary>What of a virtual device survives without power: its flash, or with stock firmware, where nothing else changes, its drive.</summary>
    internal abstract class Storage
    {
        /// <summary>Changes of what is durable, since the power was turned on.</summary>
        public abstract long Operations { get; }

        /// <summary>The file system that removable drives are plugged into. Only the internal drive is kept.</summary>
        public abstract VirtualFileSystem Drives { get; }

        /// <summary>The name of the file that keeps it.</summary>
        public static string FileName(FlashLayout layout)
        {
            return layout.IsStock ? "drive.bin" : "flash.bin";
        }

        /// <summary>As it leaves the factory.</summary>
        /// <param name="layout">The layout.</param>
        /// <param name="application">The deployment; with stock firmware, what the loader is to load.</param>
        /// <param name="clr">The firmware; null: made up.</param>
        /// <exception cref="ArgumentException">An image does not fit or is not sound; the message says.</exception>
        public static Storage Make(FlashLayout layout, byte[] application, byte[]? clr)
        {
            return !layout.IsStock ? new OfFlash(DeviceFactory.Make(layout, application, clr))
                : clr == null ? new OfDrive(StockFiles.Make(layout, application))
                : throw new ArgumentException($"Layout {layout.Name} has the firmware that everybody has.");
        }

        /// <summary>Reads the file.</summary>
        /// <exception cref="Failure">It is of another layout.</exception>
        public static Storage Load(string path, FlashLayout layout)
        {
            if (layout.IsStock)
            {
                using FileStream file = File.OpenRead(path);
                return new OfDrive(VirtualFileSystem.Load(file));
            }

            // Of the file itself, also when the name is a link to it.
            using SafeFileHandle flash = File.OpenHandle(path);
            long size = RandomAccess.GetLength(flash);
            return size == layout.FlashSize ? new OfFlash(NorFlash.Load(path, layout.Sectors))
                : throw new Failure(ExitCode.Usage, $"{path} has {size} bytes; layout {layout.Name} has {layout.FlashSize}.");
        }

        /// <summary>Writes the file.</summary>
        public abstract void Save(string path);

        /// <summary>Turns the power on.</summary>
        /// <param name="layout">The layout.</param>
        /// <param name="setup">What is around the device.</param>
        /// <param name="cutAt">The power is cut at this operation, from 1; 0: never.</param>
        /// <param name="attached">What is attached to the device; its changes then count as well.</param>
        public abstract DeviceBase PowerOn(FlashLayout layout, DeviceSetup setup, long cutAt, Attachments? attached = null);

        /// <summary>Turns the power on for a device whose application runs.</summary>
        /// <param name="cutAt">The power is cut at this operation, from 1; 0: never.</param>
        /// <returns>The flash; null: the device has stock firmware, and all that changes is its drive.</returns>
        public abstract NorFlash? PowerOn(long cutAt);

        private sealed class OfFlash(NorFlash flash) : Storage
        {
            private PowerSupply? _supply;

            public override long Operations => _supply?.Passed.Count ?? flash.Operations;

            public override VirtualFileSystem Drives { get; } = new(0);

            public override void Save(string path)
            {
                flash.Save(path);
            }

            public override DeviceBase PowerOn(FlashLayout layout, DeviceSetup setup, long cutAt, Attachments? attached)
            {
                // Each kind of tear in turn, and always the same for the same operation.
                TearKind[] kinds = Enum.GetValues<TearKind>();
                flash.PowerOn();
                var tear = new Tear(kinds[cutAt % kinds.Length], (int)(cutAt % int.MaxValue));
                if (attached != null)
                {
                    _supply = attached.PowerOn(flash, new Cut((int)Math.Min(cutAt, int.MaxValue), tear));
                    return new Device(flash, layout, setup);
                }

                flash.CutAt = cutAt;
                flash.Tear = tear;
                return new Device(flash, layout, setup);
            }

            public override NorFlash PowerOn(long cutAt)
            {
                flash.PowerOn();
                flash.CutAt = cutAt;
                return flash;
            }
        }

        private sealed class OfDrive(VirtualFileSystem files) : Storage
        {
            private long _operations;

            public override long Operations => _operations;

            public override VirtualFileSystem Drives => files;

            public override void Save(string path)
            {
                OutputFile.Write(path, files.Save);
            }

            public override DeviceBase PowerOn(FlashLayout layout, DeviceSetup setup, long cutAt, Attachments? attached)
            {
                if (attached != null)
                {
                    throw new Failure(ExitCode.Usage, "--with and --module are for devices with a firmware of their own: this one has stock firmware.");
                }

                PowerOn(cutAt);
                return new StockDevice(files, layout, setup);
            }

            public override NorFlash? PowerOn(long cutAt)
            {
                files.CutPower();
                files.RestorePower();
                _operations = 0;

                // A file system's change has happened or not: in turn.
                files.BeforeOperation = _ => ++_operations != cutAt ? CutPoint.None : cutAt % 2 == 0 ? CutPoint.After : CutPoint.Before;
                return null;
            }
        }
    }
}

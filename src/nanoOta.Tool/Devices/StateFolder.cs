using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tool.Devices
{
    /// <summary>
    /// A virtual device between two runs: a folder with its flash (<c>flash.bin</c>; with stock firmware its drive, <c>drive.bin</c>),
    /// what it is (<c>device.json</c>), and the list of trusted keys that it follows (<c>keys.json</c>), once it does.
    /// </summary>
    internal sealed class StateFolder
    {
        private readonly string _storagePath;

        private StateFolder(string folder, FlashLayout layout, string deviceId, Storage storage)
        {
            _storagePath = StoragePath(folder, layout);
            Folder = folder;
            KeyStore = new KeyFile(Path.Combine(folder, "keys.json"));
            Layout = layout;
            DeviceId = deviceId;
            Storage = storage;
        }

        /// <summary>The folder.</summary>
        public string Folder { get; }

        /// <summary>The flash layout.</summary>
        public FlashLayout Layout { get; }

        /// <summary>What tells this device from others.</summary>
        public string DeviceId { get; }

        /// <summary>What it keeps without power.</summary>
        public Storage Storage { get; }

        /// <summary>Where the list of trusted keys is kept.</summary>
        public IKeyStore KeyStore { get; }

        /// <summary>Writes a new device.</summary>
        /// <exception cref="Failure">The folder holds one already, or cannot be written.</exception>
        public static StateFolder Create(string folder, FlashLayout layout, Storage storage)
        {
            if (File.Exists(DevicePath(folder)) || File.Exists(StoragePath(folder, layout)))
            {
                throw new Failure(ExitCode.Usage, File.Exists(DevicePath(folder)) ? $"{folder} already holds a device."
                    : $"{StoragePath(folder, layout)} is there, and no device.json beside it: it is no device, or one that was not made to its end. Remove it, or name another folder.");
            }

            Failure.OfFiles($"cannot make {folder}", () => Directory.CreateDirectory(folder));
            var state = new StateFolder(folder, layout, Guid.NewGuid().ToString("N")[..12], storage);
            state.Save();
            var device = new JsonObject { ["layout"] = layout.Name, ["deviceId"] = state.DeviceId };
            OutputFile.Write(DevicePath(folder), Encoding.UTF8.GetBytes(device.ToJsonString() + "\n"));
            return state;
        }

        /// <summary>Holds a device against another run: of two, the one that ends first would lose what it kept.</summary>
        /// <exception cref="Failure">There is none, or another run has it.</exception>
        public static IDisposable Hold(string folder)
        {
            Require(folder);
            return FileLock.Take(folder, Path.Combine(folder, "device.lock"), TimeSpan.Zero);
        }

        /// <summary>Reads a device.</summary>
        /// <exception cref="Failure">There is none, or it cannot be read.</exception>
        public static StateFolder Open(string folder)
        {
            Require(folder);
            string? layoutName = null;
            string? deviceId = null;
            try
            {
                JsonNode? device = JsonNode.Parse(InputFile.Bytes(DevicePath(folder)));
                layoutName = (string?)device?["layout"];
                deviceId = (string?)device?["deviceId"];
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                // Not JSON, or another shape: said below.
            }

            if (layoutName == null || deviceId == null)
            {
                throw new Failure(ExitCode.Usage, $"{DevicePath(folder)} is damaged: it does not tell layout and deviceId.");
            }

            FlashLayout layout = LayoutName.Find(layoutName);
            string path = StoragePath(folder, layout);
            return new StateFolder(folder, layout, deviceId, Failure.OfFiles($"cannot read {path}", () => Storage.Load(path, layout)));
        }

        /// <summary>Writes back what it keeps.</summary>
        public void Save()
        {
            Failure.OfFiles($"cannot write {_storagePath}", () =>
            {
                Storage.Save(_storagePath);
                return true;
            });
        }

        private static void Require(string folder)
        {
            if (!File.Exists(DevicePath(folder)))
            {
                throw new Failure(ExitCode.Usage, $"{folder} holds no device: 'nanoota device new' makes one.");
            }
        }

        private static string StoragePath(string folder, FlashLayout layout)
        {
            return Path.Combine(folder, Storage.FileName(layout));
        }

        private static string DevicePath(string folder)
        {
            return Path.Combine(folder, "device.json");
        }
    }
}

using nanoFramework.Runtime.Native;

namespace nanoOta.StandIns
{
    /// <summary>What the board under the CLR tells device code of itself, and what device code asked of it.</summary>
    public sealed class DeviceBoard
    {
        private static readonly AsyncLocal<DeviceBoard?> _current = new();

        /// <summary>The board that runs in this execution context.</summary>
        /// <exception cref="InvalidOperationException">None was set.</exception>
        public static DeviceBoard Current
        {
            get => _current.Value ?? throw new InvalidOperationException("No DeviceBoard runs in this context.");
            set => _current.Value = value;
        }

        /// <summary>The board that runs in this execution context; null: none was set.</summary>
        internal static DeviceBoard? Running => _current.Value;

        /// <summary>The version of the CLR image, <c>SystemInfo.Version</c>.</summary>
        public Version FirmwareVersion { get; set; } = new(0, 0, 0, 0);

        /// <summary>For instance <c>ESP32_REV3</c>.</summary>
        public string TargetName { get; set; } = "";

        /// <summary>For instance <c>ESP32</c>.</summary>
        public string Platform { get; set; } = "";

        /// <summary>The maker's free text, <c>SystemInfo.OEMString</c>.</summary>
        public string OemText { get; set; } = "";

        /// <summary>Bytes that <c>GC.Run</c> reports as free.</summary>
        public uint FreeHeapBytes { get; set; }

        /// <summary>The reboot that device code asked for, or null. Whoever runs the device looks here after each step.</summary>
        public RebootOption? RebootRequested { get; set; }

        /// <summary>Is given what the application prints, in pieces; null: the host's console is.</summary>
        public Action<string>? Console { get; set; }

        /// <summary>The firmware's own code, which <c>nanoOta.Native</c> calls; null: it has none.</summary>
        public INativeCode? NativeCode { get; set; }

        /// <summary>What loads assemblies for a loader that runs; null: nothing does.</summary>
        public IAssemblyLoader? Assemblies { get; set; }

        /// <summary>How the board is connected.</summary>
        public BoardNetwork Network { get; set; } = new();

        internal nanoFramework.Networking.NetworkHelperStatus EthernetStatus { get; set; }

        internal nanoFramework.Networking.NetworkHelperStatus WifiStatus { get; set; }

        /// <summary>The functions that pins were given.</summary>
        public Dictionary<int, int> PinFunctions { get; } = [];

        /// <summary>The subscribers of <c>Power.OnRebootEvent</c>: kept for each board, for several may run in one process.</summary>
        internal RebootEventHandler? RebootHandlers { get; set; }
    }
}

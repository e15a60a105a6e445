using nanoOta.StandIns;

namespace nanoFramework.Runtime.Native
{
    /// <summary>What runs below the application.</summary>
    public static class SystemInfo
    {
        /// <summary>The version of the CLR image.</summary>
        public static Version Version => DeviceBoard.Current.FirmwareVersion;

        /// <summary>The maker's free text.</summary>
        public static string OEMString => DeviceBoard.Current.OemText;

        /// <summary>The name of the firmware's target, for instance <c>ESP32_REV3</c>.</summary>
        public static string TargetName => DeviceBoard.Current.TargetName;

        /// <summary>The family of the target, for instance <c>ESP32</c>.</summary>
        public static string Platform => DeviceBoard.Current.Platform;
    }
}

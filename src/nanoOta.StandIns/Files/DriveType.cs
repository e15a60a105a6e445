namespace System.IO
{
    /// <summary>What kind of drive. The numbers are not .NET's.</summary>
    public enum DriveType
    {
        /// <summary>Not known.</summary>
        Unknown = 0,

        /// <summary>Not mounted.</summary>
        NoRootDirectory = 1,

        /// <summary>An SD card or a USB stick.</summary>
        Removable = 2,

        /// <summary>In the device's flash.</summary>
        Fixed = 3,

        /// <summary>In memory.</summary>
        Ram = 4,
    }
}

namespace nanoOta.Tests.StandIns.Files
{
    /// <summary>The codes of the device's failures (mscorlib's IOException.IOExceptionErrorCode), and who throws them.</summary>
    internal static class FileCodes
    {
        internal const uint Others = 0xE0000000;
        internal const uint InvalidDriver = 0xE1000000;
        internal const uint FileNotFound = 0xE2000000;
        internal const uint DirectoryNotFound = 0xE3000000;
        internal const uint VolumeNotFound = 0xE4000000;
        internal const uint PathTooLong = 0xE5000000;
        internal const uint DirectoryNotEmpty = 0xE6000000;
        internal const uint UnauthorizedAccess = 0xE7000000;
        internal const uint PathAlreadyExists = 0xE8000000;

        /// <summary>The managed half fails with an IOException.</summary>
        internal static void AssertManaged(uint code, Action act)
        {
            Assert.Equal(code, (uint)Assert.Throws<IOException>(act).HResult);
        }

        /// <summary>The native half fails with a plain Exception.</summary>
        internal static void AssertNative(uint code, Action act)
        {
            Assert.Equal(code, (uint)Assert.Throws<Exception>(act).HResult);
        }
    }
}

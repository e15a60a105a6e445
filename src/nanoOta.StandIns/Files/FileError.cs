namespace nanoOta.StandIns
{
    /// <summary>
    /// The failures of the device's file system. Its managed half throws IOException; what its native half reports has no
    /// entry in the interpreter's table of exceptions and so arrives as a plain Exception, with the same codes in HResult
    /// (nf-interpreter, corlib_native_System_Exception.cpp). Device code that catches only IOException misses those.
    /// </summary>
    internal static class FileError
    {
        // IOException.IOExceptionErrorCode of the device's mscorlib; .NET's IOException has no such member.
        internal const int Others = unchecked((int)0xE0000000);
        internal const int InvalidDriver = unchecked((int)0xE1000000);
        internal const int FileNotFound = unchecked((int)0xE2000000);
        internal const int DirectoryNotFound = unchecked((int)0xE3000000);
        internal const int VolumeNotFound = unchecked((int)0xE4000000);
        internal const int PathTooLong = unchecked((int)0xE5000000);
        internal const int DirectoryNotEmpty = unchecked((int)0xE6000000);
        internal const int UnauthorizedAccess = unchecked((int)0xE7000000);
        internal const int PathAlreadyExists = unchecked((int)0xE8000000);

        /// <summary>A failure that the managed half finds. Device exceptions carry no message.</summary>
        internal static IOException Managed(int code) => new(string.Empty, code);

        /// <summary>A failure that the native half finds.</summary>
        internal static Exception Native(int code) => new(string.Empty) { HResult = code };
    }
}

namespace nanoOta.Tool
{
    /// <summary>Ends a command with one sentence for the user.</summary>
    public sealed class Failure(ExitCode code, string sentence) : Exception(sentence)
    {
        // ENOSPC of Linux and macOS, which .NET passes on as it is; ERROR_DISK_FULL.
        private const int DiskFull = 28;
        private const int WindowsDiskFull = unchecked((int)0x80070070);

        /// <summary>The exit code.</summary>
        public ExitCode Code => code;

        /// <summary>Does what may fail because of what the user named, and says so when it does.</summary>
        /// <param name="what">Begins the sentence, for example "cannot read x.bin".</param>
        /// <param name="work">The work.</param>
        public static T OfFiles<T>(string what, Func<T> work)
        {
            try
            {
                return work();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
            {
                throw new Failure(ExitCode.Usage, $"{what}: {(e.HResult is DiskFull or WindowsDiskFull ? "the disk is full. Make room, and run the command again." : e.Message)}");
            }
        }
    }
}

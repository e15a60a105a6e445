using System.Diagnostics;

namespace nanoOta.Tool
{
    /// <summary>Holds a file against other commands: of two that change it at the same time, one would lose its change.</summary>
    internal static class FileLock
    {
        /// <summary>How long a command waits for another one.</summary>
        public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

        /// <summary>Takes the lock. Its file stays when the lock ends: removed, it could be locked twice.</summary>
        /// <param name="path">What is held.</param>
        /// <param name="name">The lock's file, in a folder that is there.</param>
        /// <param name="patience">How long to wait for another command that has it.</param>
        /// <returns>The lock; it ends when it is disposed of.</returns>
        /// <exception cref="Failure">Another command has it, or the lock's file cannot be made.</exception>
        public static IDisposable Take(string path, string name, TimeSpan patience)
        {
            var waiting = Stopwatch.StartNew();
            return Failure.OfFiles($"cannot lock {path}", () =>
            {
                while (true)
                {
                    try
                    {
                        return new FileStream(name, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                    }
                    catch (IOException e) when (IsHeld(e))
                    {
                        if (waiting.Elapsed >= patience)
                        {
                            throw new Failure(ExitCode.Conflict, $"another nanoota has {path} (it holds {name}). Wait until it has ended, and run this command again.");
                        }

                        Thread.Sleep(50);
                    }
                }
            });
        }

        // A sharing or lock violation of Windows; EAGAIN of Linux or macOS, which .NET passes on as it is.
        private static bool IsHeld(IOException e)
        {
            return OperatingSystem.IsWindows() ? (e.HResult & 0xFFFF) is 32 or 33 : e.HResult is 11 or 35;
        }
    }
}

namespace nanoOta.Tool
{
    /// <summary>Reads what the user names, up to a size that no file of this tool has.</summary>
    internal static class InputFile
    {
        /// <summary>The largest file that is read, in bytes.</summary>
        public const int MaxLength = 64 * 1024 * 1024;

        /// <summary>The whole file.</summary>
        /// <exception cref="Failure">It cannot be read, or is too large.</exception>
        public static byte[] Bytes(string path)
        {
            if (path.Length == 0)
            {
                throw new Failure(ExitCode.Usage, "a file's name is empty. Is a variable of your script not set?");
            }

            if (Directory.Exists(path))
            {
                throw new Failure(ExitCode.Usage, $"{path} is a folder: name a file in it.");
            }

            return Failure.OfFiles($"cannot read {path}", () =>
            {
                using FileStream file = File.OpenRead(path);
                using var bytes = new MemoryStream();
                var buffer = new byte[81920];
                for (int read; (read = file.Read(buffer)) > 0;)
                {
                    if (bytes.Length + read > MaxLength)
                    {
                        throw new IOException($"it is larger than {MaxLength} bytes.");
                    }

                    bytes.Write(buffer, 0, read);
                }

                return bytes.ToArray();
            });
        }
    }
}

namespace nanoOta.Tool
{
    /// <summary>Writes what the user names.</summary>
    internal static class OutputFile
    {
        /// <summary>Writes a whole file; it is there in full or not at all.</summary>
        /// <exception cref="Failure">It cannot be written.</exception>
        public static void Write(string path, byte[] bytes)
        {
            Failure.OfFiles($"cannot write {path}", () =>
            {
                string partial = path + ".new";
                try
                {
                    File.WriteAllBytes(partial, bytes);
                    File.Move(partial, path, overwrite: true);
                    return path;
                }
                finally
                {
                    File.Delete(partial);
                }
            });
        }
    }
}

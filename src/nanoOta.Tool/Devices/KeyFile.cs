namespace nanoOta.Tool.Devices
{
    /// <summary>A virtual device's list of trusted keys, in a file of the PC: no power cut of the device touches it.</summary>
    internal sealed class KeyFile(string path) : IKeyStore
    {
        /// <inheritdoc/>
        public byte[]? Read()
        {
            return File.Exists(path) ? InputFile.Bytes(path) : null;
        }

        /// <inheritdoc/>
        public bool Write(byte[] document, int length)
        {
            OutputFile.Write(path, document[..length]);
            return true;
        }
    }
}

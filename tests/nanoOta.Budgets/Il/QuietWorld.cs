namespace nanoOta.Budgets.Il
{
    /// <summary>What surrounds an agent, in memory: channel, server and journal that allocate nothing once they are made.</summary>
    internal sealed class QuietWorld : IUpdateChannel, IImageSource, IRecordStore
    {
        // What one read of a socket brings: a TCP segment.
        private const int MostAtOnce = 1460;

        private readonly byte[] _image;
        private readonly byte[] _manifest;
        private readonly byte[][] _records = [new byte[Journal.RecordLength], new byte[Journal.RecordLength]];
        private byte[] _file = [];
        private int _at;

        /// <summary>Offers an image.</summary>
        public QuietWorld(byte[] image)
        {
            _image = image;
            _manifest = Offers.Manifest(image);
            Offer = new UpdateOffer { Version = SemanticVersion.Parse(Offers.Version), Url = Offers.Container };
        }

        /// <inheritdoc/>
        public UpdateOffer Offer { get; }

        /// <inheritdoc/>
        public int Answers => 1;

        /// <inheritdoc/>
        public bool IsReported => false;

        /// <inheritdoc/>
        public int Length => _file.Length;

        /// <inheritdoc/>
        public int Offset { get; private set; }

        /// <inheritdoc/>
        public uint Tag => 1;

        /// <inheritdoc/>
        public int RetryAfter => 0;

        /// <inheritdoc/>
        public int Count => _records.Length;

        /// <summary>Bytes of the image that were read.</summary>
        public int ImageBytesRead { get; private set; }

        /// <inheritdoc/>
        public long Step(long now)
        {
            return long.MaxValue;
        }

        /// <inheritdoc/>
        public void Report(UpdateStatus status)
        {
        }

        /// <inheritdoc/>
        public void CheckNow()
        {
        }

        /// <inheritdoc/>
        public void Pause()
        {
        }

        /// <inheritdoc/>
        public ResultCode Open(string url, int offset, int count)
        {
            _file = url == Offers.ManifestUrl ? _manifest : _image;
            Offset = _at = offset;
            return ResultCode.None;
        }

        /// <inheritdoc/>
        public ResultCode Read(byte[] buffer, int offset, int count, out int read)
        {
            read = Math.Min(Math.Min(count, MostAtOnce), _file.Length - _at);
            Array.Copy(_file, _at, buffer, offset, read);
            _at += read;
            ImageBytesRead += _file == _image ? read : 0;
            return ResultCode.None;
        }

        /// <inheritdoc/>
        public void Close()
        {
        }

        /// <inheritdoc/>
        public bool Read(int index, byte[] record)
        {
            Array.Copy(_records[index], record, record.Length);
            return true;
        }

        /// <inheritdoc/>
        public bool Write(int index, byte[] record)
        {
            Array.Copy(record, _records[index], record.Length);
            return true;
        }
    }
}

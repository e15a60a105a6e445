namespace nanoOta.VirtualDevice.Cloud
{
    /// <summary>Passes on what is written to it, no faster than the given rate.</summary>
    internal sealed class SlowStream(Stream inner, int bytesPerSecond) : Stream
    {
        private const int Piece = 8192;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            for (int at = 0; at < buffer.Length; at += Piece)
            {
                ReadOnlyMemory<byte> piece = buffer[at..Math.Min(buffer.Length, at + Piece)];
                await inner.WriteAsync(piece, cancellationToken);
                await Task.Delay(TimeSpan.FromSeconds((double)piece.Length / bytesPerSecond), cancellationToken);
            }
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        {
            return WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

        public override void Flush() => throw new NotSupportedException();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

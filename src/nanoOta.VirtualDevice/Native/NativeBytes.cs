using System.Runtime.InteropServices;

namespace nanoOta.VirtualDevice.Native
{
    /// <summary>Bytes outside of the managed heap, of exactly this length, for as long as a call takes.</summary>
    internal readonly unsafe ref struct NativeBytes : IDisposable
    {
        /// <summary>Makes room, filled with zeros.</summary>
        public NativeBytes(int length)
        {
            Length = length;
            Start = (byte*)NativeMemory.AllocZeroed((nuint)length);
        }

        /// <summary>Copies bytes.</summary>
        public NativeBytes(ReadOnlySpan<byte> bytes)
            : this(bytes.Length)
        {
            bytes.CopyTo(new Span<byte>(Start, Length));
        }

        public byte* Start { get; }

        public int Length { get; }

        public void CopyTo(Span<byte> bytes)
        {
            new ReadOnlySpan<byte>(Start, Length).CopyTo(bytes);
        }

        public void Dispose()
        {
            NativeMemory.Free(Start);
        }
    }
}

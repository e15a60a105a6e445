using System.Runtime.InteropServices;

namespace nanoOta.VirtualDevice.Native
{
    /// <summary>SHA-256 in C, with the managed one's face.</summary>
    internal sealed unsafe class NativeSha256 : IDisposable
    {
        public NativeSha256()
        {
            State = NativeMemory.Alloc(NativeCore.nota_test_size_of_sha256());
            NativeCore.nota_sha256_start(State);
        }

        public void* State { get; }

        public void Append(ReadOnlySpan<byte> bytes)
        {
            fixed (byte* data = bytes)
            {
                NativeCore.nota_sha256_append(State, data, (nuint)bytes.Length);
            }
        }

        public byte[] Finish()
        {
            var digest = new byte[Sha256.DigestLength];
            fixed (byte* to = digest)
            {
                NativeCore.nota_sha256_finish(State, to);
            }

            return digest;
        }

        public byte[] Export()
        {
            var state = new byte[Sha256.StateLength];
            fixed (byte* to = state)
            {
                NativeCore.nota_sha256_export(State, to);
            }

            return state;
        }

        public void Import(ReadOnlySpan<byte> state)
        {
            fixed (byte* from = state)
            {
                NativeCore.nota_sha256_import(State, from);
            }
        }

        public void Dispose()
        {
            NativeMemory.Free(State);
        }
    }
}

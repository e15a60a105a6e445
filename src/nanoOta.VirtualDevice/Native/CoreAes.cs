using System.Runtime.InteropServices;

namespace nanoOta.VirtualDevice.Native
{
    /// <summary>AES in C, with the face that devices have of it.</summary>
    internal sealed unsafe class CoreAes : IAes
    {
        public bool Crypt(byte[] key, byte[] counter, int position, byte[] data, int offset, int count)
        {
            return With(key, aes =>
            {
                fixed (byte* first = counter, text = data)
                {
                    NativeCore.nota_aes_crypt((void*)aes, first, (uint)position, text + offset, (nuint)count);
                }
            });
        }

        public bool DecryptBlock(byte[] key, byte[] block)
        {
            return With(key, aes =>
            {
                fixed (byte* text = block)
                {
                    NativeCore.nota_aes_decrypt((void*)aes, text);
                }
            });
        }

        private static bool With(byte[] key, Action<nint> work)
        {
            void* aes = NativeMemory.Alloc(NativeCore.nota_test_size_of_aes());
            try
            {
                fixed (byte* bytes = key)
                {
                    if (NativeCore.nota_aes_start(aes, bytes, (nuint)key.Length) == 0)
                    {
                        return false;
                    }
                }

                work((nint)aes);
                return true;
            }
            finally
            {
                NativeMemory.Free(aes);
            }
        }
    }
}

extern alias Net;

using NetAes = Net::System.Security.Cryptography.Aes;
using PaddingMode = Net::System.Security.Cryptography.PaddingMode;

namespace System.Security.Cryptography
{
    /// <summary>Modes of a cipher.</summary>
    public enum CipherMode
    {
        /// <summary>None.</summary>
        None = 0,

        /// <summary>Cipher block chaining.</summary>
        CBC = 1,

        /// <summary>Each block by itself.</summary>
        ECB = 2,
    }

    /// <summary>
    /// AES as nanoFramework has it: the native half asks mbedTLS for AES-128 whatever the key's length, and mbedTLS refuses any other key. Nothing is
    /// padded, and each call returns a new array.
    /// </summary>
    public class Aes
    {
        private const int BlockLength = 16;

        /// <summary>Makes one, for CBC with a random vector.</summary>
        public Aes(CipherMode mode)
        {
            Mode = mode;
            if (mode == CipherMode.CBC)
            {
                IV = new byte[BlockLength];
                GenerateIV();
            }
        }

        /// <summary>The mode.</summary>
        public CipherMode Mode { get; set; }

        /// <summary>The key; not copied.</summary>
        public byte[]? Key { get; set; }

        /// <summary>The initialisation vector; not copied, and not changed by use.</summary>
        public byte[]? IV { get; set; }

        /// <summary>Fills the vector with random bytes.</summary>
        public void GenerateIV()
        {
            new Random().NextBytes(IV!);
        }

        /// <summary>Encrypts whole blocks.</summary>
        public byte[] Encrypt(byte[] data)
        {
            using NetAes aes = Check(data);
            return Mode == CipherMode.ECB ? aes.EncryptEcb(data, PaddingMode.None) : aes.EncryptCbc(data, IV!, PaddingMode.None);
        }

        /// <summary>Decrypts whole blocks.</summary>
        public byte[] Decrypt(byte[] data)
        {
            using NetAes aes = Check(data);
            return Mode == CipherMode.ECB ? aes.DecryptEcb(data, PaddingMode.None) : aes.DecryptCbc(data, IV!, PaddingMode.None);
        }

        // In the order of the native code.
        private NetAes Check(byte[] data)
        {
            if (Mode is not (CipherMode.ECB or CipherMode.CBC))
            {
                throw new NotSupportedException();
            }

            if (Key == null)
            {
                throw new InvalidOperationException();
            }

            ArgumentNullException.ThrowIfNull(data);
            if (data.Length % BlockLength != 0 || Key.Length != BlockLength)
            {
                throw new ArgumentException(null);
            }

            NetAes aes = NetAes.Create();
            aes.Key = Key;
            return aes;
        }
    }
}

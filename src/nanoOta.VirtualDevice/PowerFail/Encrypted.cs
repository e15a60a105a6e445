using System.Security.Cryptography;
using System.Text;
using nanoOta.VirtualDevice.Deltas;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.VirtualDevice.PowerFail
{
    /// <summary>A new deployment whose file is encrypted for a group that the device is in, and for another one.</summary>
    internal sealed class Encrypted(string name, string about, bool inParts) : Scenario
    {
        // Reads as a network brings them, so that they begin and end within the cipher's blocks, and so does what the break leaves.
        private const int Packet = 1459;
        private const int Break = 21_003;

        private static readonly EncryptionKey _others = Key("others");
        private static readonly EncryptionKey _group = Key("group");

        public override string Name => name;

        public override string About => about;

        public override bool IsInParts => inParts;

        public override bool RaisesCounter => true;

        public override void Begin(World world)
        {
            world.Server.MaxRead = Packet;
            world.BreaksAt = Break;
            world.Publish("1.1.0", "1.1.0", null, "\"counter\":7,");
            world.Request("1.1.0");
        }

        internal override string MembersOf(World world, string version, byte[] image)
        {
            string parts = inParts ? $"\"parts\":\"{ImageParts.Read(image)!.Base64}\"," : "";
            return $"{parts}\"encryption\":{ImageEncryption.Encrypt(image, [_others, _group]).Json},";
        }

        internal override byte[] FileOf(string component, byte[] image)
        {
            return component == ManifestComponent.Deployment ? ImageEncryption.Encrypt(image, [_others, _group]).Bytes : image;
        }

        // The device has the one key, and a copy of it for each boot: nothing of a boot before is left.
        internal override IImageDecryption Decryption()
        {
            return new EncryptedImages(new ManagedAes(), [Key("group")]);
        }

        private static EncryptionKey Key(string id)
        {
            return EncryptionKey.Create(id, SHA256.HashData(Encoding.UTF8.GetBytes("a key for tests: " + id)));
        }
    }
}

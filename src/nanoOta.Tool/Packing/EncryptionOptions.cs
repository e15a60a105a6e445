using System.CommandLine;
using nanoOta.Tool.Keys;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tool.Packing
{
    /// <summary>The option of a command that encrypts images, and what it does with it.</summary>
    internal sealed class EncryptionOptions
    {
        private readonly Option<string[]> _for = new("--encrypt-for")
        {
            Description = "Encrypt the images for whoever has these secret keys: files of 'keygen --encrypt', of a device or a group each. The first key makes the images' keys, so adding others behind it leaves the files as they are.",
            AllowMultipleArgumentsPerToken = true,
        };

        /// <summary>Gives a command the option.</summary>
        public void AddTo(Command command)
        {
            command.Options.Add(_for);
        }

        /// <summary>Whether images are to be encrypted.</summary>
        public bool IsGiven(ParseResult result) => result.GetValue(_for) is { Length: > 0 };

        /// <summary>Encrypts images, when asked for.</summary>
        /// <exception cref="Failure">A key cannot be read, or there are patches, which would not be encrypted.</exception>
        public PackedImage[] Apply(ParseResult result, PackedImage[] images)
        {
            if (!IsGiven(result))
            {
                return images;
            }

            EncryptionKey[] keys = EncryptionKeyFile.ReadAll(result.GetValue(_for)!);
            return images.Any(image => image.Delta is { Patches.Count: > 0 })
                ? throw new Failure(ExitCode.Usage, "--from and --encrypt-for do not go together: a patch shows what changed. Leave --from out; devices still fetch only the assemblies that changed.")
                : [.. images.Select(image => image with { Encrypted = ImageEncryption.Encrypt(image.Bytes, keys) })];
        }
    }
}

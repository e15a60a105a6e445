using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using nanoOta.Tool.Keys;

namespace nanoOta.Tool.Commands
{
    /// <summary><c>nanoota keygen</c>.</summary>
    internal static class KeygenCommand
    {
        public static Command Create(CommandLine line)
        {
            var file = new Option<string>("--out") { Description = "The private key's file, which must not be there yet: a JSON Web Key when it ends in .jwk, otherwise PEM.", Required = true };
            var bits = new Option<int?>("--bits") { Description = "2048, 3072 or 4096; 3072 when not given. With --encrypt 128 or 256; 256 when not given." };
            var kid = new Option<string?>("--kid") { Description = "The key's id, by which signatures and manifests call it; its thumbprint when not given, with --encrypt random." };
            var encrypt = new Option<bool>("--encrypt") { Description = "Make a secret key to encrypt images with instead: one JSON Web Key, for the tool and the devices." };
            var from = new Option<string?>("--from") { Description = "Write this key, PEM or JSON Web Key, instead of a new one." };
            return line.On(new Command("keygen", """
                Make a key to sign updates with: writes the private key, and beside it the public half as .pub.pem and as .pub.jwk, the form that devices are given. The private key can be made by openssl as well: --from.

                Example: nanoota keygen --out release.pem --kid release-2026

                Example: nanoota keygen --encrypt --out washers.jwk --kid washers-2026
                """) { file, bits, kid, from, encrypt }, (result, output) =>
            {
                string? source = result.GetValue(from);
                if (result.GetValue(encrypt))
                {
                    if (source != null)
                    {
                        throw new Failure(ExitCode.Usage, "--encrypt makes a new key, and --from reads one: give one of the two.");
                    }

                    EncryptionKeyFile.Make(output, result.GetRequiredValue(file), result.GetValue(bits) ?? 256, result.GetValue(kid));
                    return ExitCode.Done;
                }

                int size = result.GetValue(bits) ?? 3072;
                if (size is not (2048 or 3072 or 4096))
                {
                    throw new Failure(ExitCode.Usage, "--bits is 2048, 3072 or 4096: devices accept no other.");
                }

                string? id = result.GetValue(kid);
                if (id is { Length: 0 or > RsaPublicKey.MaxIdLength })
                {
                    throw new Failure(ExitCode.Usage, $"--kid has 1 to {RsaPublicKey.MaxIdLength} characters.");
                }

                KeyPair key = source == null ? KeyPair.Make(size, id) : KeyPair.Read(source, id);
                Write(output, key, result.GetRequiredValue(file));
                return ExitCode.Done;
            });
        }

        private static void Write(Output output, KeyPair key, string path)
        {
            string stem = Path.Combine(Path.GetDirectoryName(path) ?? "", Path.GetFileNameWithoutExtension(path));
            (string Path, byte[] Bytes)[] halves = [(stem + ".pub.pem", Encoding.UTF8.GetBytes(key.ToPem(false))), (stem + ".pub.jwk", Encoding.UTF8.GetBytes(key.ToJwk(false)))];

            // release.pem and release.jwk would have the same public halves.
            bool isTaken = key.IsPrivate && File.Exists(path);
            if (!isTaken && halves.FirstOrDefault(half => File.Exists(half.Path) && !InputFile.Bytes(half.Path).AsSpan().SequenceEqual(half.Bytes)).Path is { } other)
            {
                throw new Failure(ExitCode.Conflict, $"{other} is there already, and is of another key or key id: it is not overwritten. Name another file by --out.");
            }

            if (key.IsPrivate)
            {
                string text = Path.GetExtension(path) == ".jwk" ? key.ToJwk(true) : key.ToPem(true);
                OutputFile.WriteSecret(path, Encoding.UTF8.GetBytes(text));
                output.Line($"{path}: private key, {key.Bits} bits. Whoever has it can update every device that trusts it.");
            }

            Array.ForEach(halves, half => OutputFile.Write(half.Path, half.Bytes));
            output.Line($"{stem}.pub.pem, {stem}.pub.jwk: public key '{key.Id}'");
            output.Json(new JsonObject
            {
                ["kid"] = key.Id,
                ["bits"] = key.Bits,
                ["private"] = key.IsPrivate ? path : null,
                ["pem"] = stem + ".pub.pem",
                ["jwk"] = stem + ".pub.jwk",
            });
        }
    }
}

using System.CommandLine;
using System.Text.Json.Nodes;
using nanoOta.Tool.Keys;
using nanoOta.Tool.Packing;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tool.Commands
{
    /// <summary><c>nanoota sign</c>.</summary>
    internal static class SignCommand
    {
        public static Command Create(CommandLine line)
        {
            var manifest = new Argument<string>("MANIFEST") { Description = "A manifest, as pack writes it, or a list of trusted keys." };
            var key = new Option<string>("--key") { Description = "The private key: PEM or a JSON Web Key.", Required = true };
            var file = new Option<string>("--out") { Description = "The signed file: v1_1_0.jws for the manifest of 1.1.0, keys.jws for a list of keys.", Required = true };
            var kid = new Option<string?>("--kid") { Description = "The id that devices know the key by; its own, or its thumbprint, when not given." };
            return line.On(new Command("sign", """
                Sign a manifest or a list of keys: compact JWS with RS256. Refuses what devices would refuse.

                Example: nanoota sign firmware/v1_1_0.json --key release.pem --kid release-2026 --out firmware/v1_1_0.jws
                """) { manifest, key, file, kid }, (result, output) =>
            {
                KeyPair pair = KeyPair.ReadPrivate(result.GetRequiredValue(key), result.GetValue(kid));
                string source = result.GetRequiredValue(manifest);
                byte[] content = InputFile.Bytes(source);
                if (ByteOrderMark.Skip(content).AsSpan().TrimStart(" \t\r\n"u8) is not [(byte)'{' or (byte)'[', ..])
                {
                    throw new Failure(ExitCode.Usage, $"{source} is not a manifest. Sign the .json that pack writes, such as v1_1_0.json, or a list of keys.");
                }

                string path = result.GetRequiredValue(file);
                if (File.Exists(path) && ManifestText.PayloadOf(InputFile.Bytes(path)) == null)
                {
                    throw new Failure(ExitCode.Conflict, $"{path} exists and is no signed file, so it is not overwritten. Name another file by --out, such as {Path.ChangeExtension(Path.GetFileName(source), ".jws")}.");
                }

                byte[] signed = SignedFile.Make(content, pair);
                OutputFile.Write(path, signed);
                output.Line($"{path}: signed with key '{pair.Id}', {signed.Length} of {Jws.MaxLength} bytes");
                output.Json(new JsonObject { ["file"] = path, ["kid"] = pair.Id, ["size"] = signed.Length });
                return ExitCode.Done;
            });
        }
    }
}

using System.CommandLine;
using System.Text.Json.Nodes;
using nanoOta.Tool.Keys;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tool.Commands
{
    /// <summary><c>nanoota verify</c>.</summary>
    internal static class VerifyCommand
    {
        public static Command Create(CommandLine line)
        {
            var file = new Argument<string>("FILE") { Description = "A signed manifest or list of keys, or a bundle with a signed manifest." };
            var key = new Option<string>("--key") { Description = "The key that is trusted: PEM or a JSON Web Key.", Required = true };
            var kid = new Option<string?>("--kid") { Description = "The id that devices know the key by; its own, or its thumbprint, when not given." };
            return line.On(new Command("verify", """
                Judge a signed file with the code that devices run, and say which step fails: form, header, key, signature, content. Of a bundle, the files are compared with the manifest as well.

                Exits with 0 when a device that trusts this key accepts it, 4 when it does not.

                Example: nanoota verify firmware/v1_1_0.jws --key release.pub.jwk
                """) { file, key, kid }, (result, output) =>
            {
                string path = result.GetRequiredValue(file);
                KeyPair pair = KeyPair.Read(result.GetRequiredValue(key), result.GetValue(kid));
                byte[] bytes = InputFile.Bytes(path);
                ImageCheck? damage = null;
                if (BundleFile.IsOne(bytes))
                {
                    damage = BundleFile.Report(bytes).Checks.FirstOrDefault(check => !check.Ok);
                    bytes = BundleFile.Files(bytes, out _).Take(2).FirstOrDefault(entry => entry.Name.EndsWith(".jws", StringComparison.Ordinal)).Content
                        ?? throw new Failure(ExitCode.Unsound, $"{path} has no signed manifest among its first two files. Make it with pack --key --bundle.");
                }

                IReadOnlyList<VerifyStep> steps = SignedFile.Verify(bytes, pair.Device!, out string kind);
                bool accepted = steps[^1].Code == ResultCode.None && damage == null;
                output.Line($"{path}, with key '{pair.Id}':");
                foreach (VerifyStep step in steps)
                {
                    bool ok = step.Code == ResultCode.None;
                    output.Line($"  {(ok ? '✓' : '✗')} {step.Name}{(ok ? "" : $": {ResultText.Name(step.Code)}: {ResultText.Sentence(step.Code)}")}");
                }

                if (damage != null)
                {
                    output.Line($"  ✗ {damage.Name}: {damage.Sentence}");
                }

                if (ByteOrderMark.IsIn(bytes))
                {
                    output.Line("The file begins with a byte order mark (EF BB BF). Save it without one.");
                }

                output.Line(accepted ? $"Accepted: a {kind}." : "NOT ACCEPTED.");
                output.Json(new JsonObject
                {
                    ["file"] = path,
                    ["accepted"] = accepted,
                    ["kid"] = pair.Id,
                    ["kind"] = kind,
                    ["failed"] = accepted ? null : steps[^1].Code == ResultCode.None ? damage!.Name : steps[^1].Name,
                    ["code"] = steps[^1].Code == ResultCode.None ? null : ResultText.Name(steps[^1].Code),
                });
                return accepted ? ExitCode.Done : ExitCode.Unsound;
            });
        }
    }
}

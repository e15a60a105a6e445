using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using nanoOta.Tool.DeviceUpdates;

namespace nanoOta.Tool.Commands
{
    /// <summary><c>nanoota adu verify</c>.</summary>
    internal static class AduVerifyCommand
    {
        public static Command Create(CommandLine line)
        {
            var manifest = new Option<string>("--manifest") { Description = "The update manifest: its exact bytes, the JSON string's escapes resolved.", Required = true };
            var signature = new Option<string>("--signature") { Description = "The manifest's signature: its exact bytes, no line end.", Required = true };
            var keys = new Option<string?>("--root-keys") { Description = "Root keys: a JSON object of key ids with JSON Web Keys, or a root-key package. Device Update's production keys when not given." };
            return line.On(new Command("verify", """
                Authenticate an update manifest of Azure Device Update with the code that devices run, and say which of the six steps refuses.

                Exits with 0 when a device accepts it, 4 when it does not.

                Example: nanoota adu verify --manifest manifest.json --signature manifest.jws
                """) { manifest, signature, keys }, (result, output) =>
            {
                byte[] bytes = InputFile.Bytes(result.GetRequiredValue(manifest));
                string text = Encoding.Latin1.GetString(InputFile.Bytes(result.GetRequiredValue(signature)));
                RootKeys roots = RootKeyFile.Read(result.GetValue(keys), out ResultCode package);

                // Without its roots, nothing can be said of the key.
                IReadOnlyList<AuthenticationStep> steps = package != ResultCode.None ? AuthenticationStep.UpTo(3, package) : AuthenticationStep.Run(roots, bytes, text);
                AuthenticationStep last = steps[^1];
                bool accepted = last.Code == ResultCode.None;
                foreach (AuthenticationStep step in steps)
                {
                    string why = step.Code == ResultCode.None ? "" : $": {ResultText.Name(step.Code)}: {ResultText.Sentence(step.Code)}";
                    output.Line($"  {(step.Code == ResultCode.None ? '✓' : '✗')} {step.Number}. {step.Name}{why}");
                }

                output.Line(package != ResultCode.None ? "REFUSED: devices do not follow this root-key package." : accepted ? "Accepted." : $"REFUSED in step {last.Number}.");
                output.Json(new JsonObject
                {
                    ["accepted"] = accepted,
                    ["step"] = accepted ? null : last.Number,
                    ["failed"] = accepted ? null : last.Name,
                    ["code"] = accepted ? null : ResultText.Name(last.Code),
                });
                return accepted ? ExitCode.Done : ExitCode.Unsound;
            });
        }
    }
}

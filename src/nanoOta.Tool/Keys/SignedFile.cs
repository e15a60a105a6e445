using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Images;
using Base64 = System.Buffers.Text.Base64Url;

namespace nanoOta.Tool.Keys
{
    /// <summary>One step of a device's judgement of a signed file.</summary>
    /// <param name="Name">form, header, key, signature or content.</param>
    /// <param name="Code">How it came out; <see cref="ResultCode.None"/>: well.</param>
    internal sealed record VerifyStep(string Name, ResultCode Code);

    /// <summary>A manifest or a list of keys as compact JWS: made here, judged by the code that devices run.</summary>
    internal static class SignedFile
    {
        private static readonly string[] _steps = ["form", "header", "key", "signature", "content"];

        /// <summary>The id of the key that a signed file names; null: it names none. Whether the signature holds does not matter here.</summary>
        public static string? KeyIdOf(byte[] jws)
        {
            try
            {
                return (string?)JsonNode.Parse(Base64.DecodeFromUtf8(jws.AsSpan(0, Math.Max(0, Array.IndexOf(jws, (byte)'.')))))?["kid"];
            }
            catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException or ArgumentException)
            {
                return null;
            }
        }

        /// <summary>Signs a manifest or a list of keys that devices would read.</summary>
        /// <exception cref="Failure">Devices would refuse it, or it holds a private key.</exception>
        public static byte[] Make(byte[] content, KeyPair key)
        {
            content = ByteOrderMark.Skip(content);
            ResultCode code = Judge(content, out string kind);
            if (code != ResultCode.None)
            {
                throw new Failure(ExitCode.Unsound, $"devices would refuse this {kind} ({ResultText.Name(code)}: {ResultText.Sentence(code)})");
            }

            foreach (JsonObject entry in IsKeyList(content) ? JsonNode.Parse(content)!["keys"]!.AsArray().Select(entry => entry!.AsObject()) : [])
            {
                if (KeyPair.HasPrivateMember(entry))
                {
                    throw new Failure(ExitCode.Unsound, "this list of keys holds a private key. Put the public halves (.pub.jwk) into it.");
                }

                if (JwkUse.Fault(entry) is { } fault)
                {
                    throw new Failure(ExitCode.Unsound, $"in this list, the key '{entry["kid"]}' {fault}");
                }
            }

            string header = new JsonObject { ["alg"] = Jws.Algorithm, ["kid"] = key.Id }.ToJsonString();
            string signed = $"{Base64.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64.EncodeToString(content)}";
            byte[] text = Encoding.ASCII.GetBytes($"{signed}.{Base64.EncodeToString(key.Sign(Encoding.ASCII.GetBytes(signed)))}");
            return text.Length <= Jws.MaxLength ? text
                : throw new Failure(ExitCode.Unsound, $"signed, this {kind} has {text.Length} bytes; devices read {Jws.MaxLength} at the most.");
        }

        /// <summary>Judges a file as a device with this one key does.</summary>
        /// <param name="file">Its bytes.</param>
        /// <param name="key">The key.</param>
        /// <param name="kind">Receives what it holds: manifest or list of keys; empty when that is not reached.</param>
        /// <returns>The steps up to the first that fails.</returns>
        public static IReadOnlyList<VerifyStep> Verify(byte[] file, RsaPublicKey key, out string kind)
        {
            byte[] document = (byte[])file.Clone();
            var verifier = new SignedManifests(HostOptions.Create(), [key], null);
            verifier.Begin(document, document.Length, false);
            ResultCode code;
            int length;
            while ((code = verifier.Step(out length)) == ResultCode.Pending)
            {
            }

            kind = "";
            int failed = StepOf(code);
            if (code == ResultCode.None)
            {
                code = Judge(document[..length], out kind);
                failed = code == ResultCode.None ? _steps.Length : _steps.Length - 1;
            }

            return [.. _steps.Take(failed + 1).Select((name, i) => new VerifyStep(name, i == failed ? code : ResultCode.None))];
        }

        private static int StepOf(ResultCode code)
        {
            return code switch
            {
                ResultCode.SignatureMalformed => 0,
                ResultCode.AlgorithmRefused or ResultCode.CriticalHeader => 1,
                ResultCode.KeyUnknown => 2,
                _ => 3,
            };
        }

        private static ResultCode Judge(byte[] content, out string kind)
        {
            kind = IsKeyList(content) ? "list of keys" : "manifest";
            return IsKeyList(content) ? KeyList.Read(content, content.Length) == null ? ResultCode.KeyListMalformed : ResultCode.None
                : ManifestReader.Read(content, 0, content.Length, out _);
        }

        private static bool IsKeyList(byte[] content)
        {
            try
            {
                return JsonNode.Parse(content) is JsonObject value && value.ContainsKey("keys");
            }
            catch (Exception e) when (e is JsonException or ArgumentException)
            {
                // Then it is not a manifest either, and the reader of manifests says so.
                return false;
            }
        }
    }
}

using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tool.DeviceUpdates
{
    /// <summary>Root keys of Azure Device Update from a file: an object of JSON Web Keys by their ids, or a root-key package.</summary>
    internal static class RootKeyFile
    {
        private static readonly string[] _production = ["ADU.200702.R", "ADU.200703.R"];

        /// <summary>Reads the file.</summary>
        /// <param name="path">The file; null: the production keys.</param>
        /// <param name="code">Receives why devices would not follow the package; <see cref="ResultCode.None"/> when they would.</param>
        /// <exception cref="Failure">It cannot be read, or holds no keys that devices accept.</exception>
        public static RootKeys Read(string? path, out ResultCode code)
        {
            code = ResultCode.None;
            if (path == null)
            {
                return new RootKeys(null);
            }

            byte[] bytes = ByteOrderMark.Skip(InputFile.Bytes(path));
            try
            {
                JsonObject content = JsonNode.Parse(bytes)!.AsObject();
                return content.ContainsKey("protected") ? FromPackage(bytes, content, out code)
                    : new RootKeys([.. content.Select(entry => Key(entry.Key, entry.Value!.AsObject()))]);
            }
            catch (Exception e) when (e is JsonException or ArgumentException or FormatException or InvalidOperationException or NullReferenceException)
            {
                throw new Failure(ExitCode.Usage, $"{path} holds neither root keys (a JSON object of key ids with JSON Web Keys) nor a root-key package.");
            }
        }

        // A package vouches for itself by the keys that devices have built in: the production keys, or in a test its own.
        private static RootKeys FromPackage(byte[] bytes, JsonObject content, out ResultCode code)
        {
            JsonObject keys = content["protected"]!["rootKeys"]!.AsObject();
            bool isProduction = keys.Any(entry => _production.Contains(entry.Key));
            RsaPublicKey[]? builtIn = isProduction ? null : [.. keys.Select(entry => Key(entry.Key, entry.Value!.AsObject()))];
            var roots = new RootKeyPackages(HostOptions.Create(), builtIn, new MemoryStore(), null);
            code = roots.Begin(bytes, bytes.Length);
            while (code == ResultCode.Pending)
            {
                code = roots.Verify();
            }

            return roots;
        }

        private static RsaPublicKey Key(string id, JsonObject key)
        {
            byte[] modulus = key["nHex"] is { } hex ? Convert.FromHexString((string)hex!) : Base64((string)key["n"]!);
            byte[] exponent = key["eHex"] is { } digits ? Convert.FromHexString((string)digits!)
                : key["e"]!.GetValueKind() == JsonValueKind.Number ? [.. BitConverter.GetBytes((uint)key["e"]!).Reverse()] : Base64((string)key["e"]!);
            return RsaPublicKey.Create(id, [.. modulus.SkipWhile(b => b == 0)], [.. exponent.SkipWhile(b => b == 0)]) ?? throw new FormatException();
        }

        private static byte[] Base64(string text)
        {
            return System.Buffers.Text.Base64Url.DecodeFromUtf8(Encoding.ASCII.GetBytes(text.TrimEnd('=').Replace('+', '-').Replace('/', '_')));
        }

        private sealed class MemoryStore : IKeyStore
        {
            private byte[]? _document;

            public byte[]? Read()
            {
                return _document;
            }

            public bool Write(byte[] document, int length)
            {
                _document = document[..length];
                return true;
            }
        }
    }
}

using System.Text;
using System.Text.Json;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tool.Devices
{
    /// <summary>A twin in a file: its desired properties alone, or the whole of it as Azure's tools export it.</summary>
    internal static class TwinFile
    {
        /// <summary>The text of the desired properties, in their own spelling: devices read it as it is.</summary>
        /// <param name="path">The file.</param>
        /// <exception cref="Failure">The file cannot be read, or is not JSON: no hub has such a twin.</exception>
        public static string Desired(string path)
        {
            string text = Encoding.UTF8.GetString(ByteOrderMark.Skip(InputFile.Bytes(path)));
            try
            {
                using JsonDocument twin = JsonDocument.Parse(text);
                JsonElement root = twin.RootElement;
                root = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("properties", out JsonElement properties) ? properties : root;
                return root.ValueKind == JsonValueKind.Object && root.TryGetProperty("desired", out JsonElement desired) && desired.ValueKind == JsonValueKind.Object
                    ? desired.GetRawText() : text;
            }
            catch (JsonException e)
            {
                throw new Failure(ExitCode.Usage, $"{path}, line {e.LineNumber + 1}: no JSON.");
            }
        }
    }
}

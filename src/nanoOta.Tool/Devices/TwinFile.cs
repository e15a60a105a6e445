using System.Text.Json;

namespace nanoOta.Tool.Devices
{
    /// <summary>A twin in a file: its desired properties alone, or the whole of it as Azure's tools export it.</summary>
    internal static class TwinFile
    {
        /// <summary>The text of the desired properties, in their own spelling: devices read it as it is.</summary>
        /// <param name="text">The file's text; what cannot be read is for the device to judge.</param>
        public static string Desired(string text)
        {
            try
            {
                using JsonDocument twin = JsonDocument.Parse(text);
                JsonElement root = twin.RootElement;
                root = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("properties", out JsonElement properties) ? properties : root;
                return root.ValueKind == JsonValueKind.Object && root.TryGetProperty("desired", out JsonElement desired) && desired.ValueKind == JsonValueKind.Object
                    ? desired.GetRawText() : text;
            }
            catch (JsonException)
            {
                return text;
            }
        }
    }
}

using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tool
{
    /// <summary>JSON objects as files that people read and write.</summary>
    internal static class JsonFile
    {
        private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

        /// <summary>Reads a file as a JSON object. A member that stands in an object twice is refused: readers disagree which one counts.</summary>
        /// <param name="path">The file.</param>
        /// <param name="isSecret">Whether nothing of its content may be repeated.</param>
        /// <exception cref="Failure">It cannot be read, or is none.</exception>
        public static JsonObject Read(string path, bool isSecret = false)
        {
            try
            {
                // What is read lazily otherwise, strings that are no Unicode among it, is read here.
                byte[] bytes = ByteOrderMark.Skip(InputFile.Bytes(path));
                JsonObject json = JsonNode.Parse(bytes, null, new JsonDocumentOptions { AllowDuplicateProperties = false })!.AsObject();
                json.ToJsonString();
                return json;
            }
            catch (JsonException e)
            {
                // .NET's message ends with the place, counted from zero.
                throw new Failure(ExitCode.Usage, $"{path} is no JSON object{(e.LineNumber is { } line ? $", line {line + 1}" : "")}{(isSecret ? "." : $": {e.Message.Split(" Path:")[0].Split(" LineNumber:")[0]}")}");
            }
            catch (Exception e) when (e is InvalidOperationException or NullReferenceException or ArgumentException)
            {
                throw new Failure(ExitCode.Usage, $"{path} is no JSON object.");
            }
        }

        /// <summary>The text for an operator to read.</summary>
        public static byte[] ToBytes(JsonObject json)
        {
            return Encoding.UTF8.GetBytes(json.ToJsonString(_indented) + "\n");
        }
    }
}

using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace nanoOta.Tool
{
    /// <summary>What a command says: text for people, or JSON, one object a line. Errors always go to the error stream as text.</summary>
    public sealed class Output(TextWriter output, TextWriter error, bool json, bool terminal)
    {
        /// <summary>JSON as people read it: no escapes that are not needed.</summary>
        internal static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

        private IAnsiConsole? _console;

        /// <summary>Whether JSON is wanted.</summary>
        public bool IsJson => json;

        /// <summary>Whether a person watches, so that a progress bar makes sense.</summary>
        public bool IsTerminal => terminal && !json;

        /// <summary>Tables and progress bars go here.</summary>
        public IAnsiConsole Console => _console ??= AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });

        /// <summary>Writes a line of text; nothing when JSON is wanted.</summary>
        public void Line(string text = "")
        {
            if (json)
            {
                return;
            }

            if (IsTerminal)
            {
                Console.WriteLine(text);
            }
            else
            {
                output.WriteLine(text);
            }
        }

        /// <summary>Writes an object on a line; nothing when text is wanted.</summary>
        public void Json(JsonObject value)
        {
            if (json)
            {
                output.WriteLine(value.ToJsonString(Readable));
            }
        }

        /// <summary>Says what went wrong on the error stream.</summary>
        public void Complain(string sentence)
        {
            error.WriteLine($"nanoota: {sentence}");
        }

        /// <summary>Says what went wrong, as the command's whole answer.</summary>
        public void Error(string sentence)
        {
            Complain(sentence);
            Json(new JsonObject { ["error"] = sentence });
        }
    }
}

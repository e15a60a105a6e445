using System.CommandLine;
using System.Text.Json.Nodes;
using nanoOta.VirtualDevice.Native;
using nanoOta.VirtualDevice.Slots;

namespace nanoOta.Tool.Commands
{
    /// <summary><c>--core</c>: which slot core virtual devices run.</summary>
    internal sealed class CoreOption() : Option<string?>("--core")
    {
        /// <summary>Why there is no C core, as the launcher found.</summary>
        private const string ReasonVariable = "NANOOTA_NO_CORE";

        private const string Native = "native";
        private const string Model = "model";

        public static CoreOption Create()
        {
            var option = new CoreOption
            {
                Description = "The slot core that devices run: native (the C core that ships, with the C# model beside it, which must agree) or model. Without it: native where ./nanoota could compile it.",
            };
            option.AcceptOnlyFromAmong(Native, Model);
            return option;
        }

        /// <summary>Decides.</summary>
        /// <exception cref="Failure">The C core was asked for and is not there.</exception>
        public CoreKind Choose(ParseResult result)
        {
            string? asked = result.GetValue(this);
            if (asked == Native && NativeLibraryFile.Path == null)
            {
                throw new Failure(ExitCode.Usage, $"there is no C core{Reason}. Run ./nanoota of a checkout where there is a C compiler, or set {NativeLibraryFile.Variable} to the shared library.");
            }

            return asked == Model || NativeLibraryFile.Path == null ? CoreKind.Model : CoreKind.Native;
        }

        /// <summary>Says in one line which core devices ran.</summary>
        public void Say(ParseResult result, Output output)
        {
            CoreKind kind = Choose(result);
            string why = result.GetValue(this) == Model ? "" : $". The C core is not there{Reason}";
            string compiled = Sanitizers(kind) is { Length: > 0 } names ? $"sanitizers: {names}" : "no sanitizers";
            output.Line(kind == CoreKind.Model ? $"Core: the C# model{why}." : $"Core: the C core ({compiled}), and the C# model beside it.");
            output.Json(new JsonObject { ["event"] = "core", ["core"] = NameOf(kind), ["sanitizers"] = Sanitizers(kind) });
        }

        /// <summary>A core's name, as the option takes it.</summary>
        public static string NameOf(CoreKind kind)
        {
            return kind == CoreKind.Native ? Native : Model;
        }

        /// <summary>The sanitizers that a core was compiled with; empty: none.</summary>
        public static string Sanitizers(CoreKind kind)
        {
            return kind == CoreKind.Native ? NativeLibraryFile.Sanitizers : "";
        }

        private static string Reason => Environment.GetEnvironmentVariable(ReasonVariable) is { Length: > 0 } reason ? $": {reason}" : "";
    }
}

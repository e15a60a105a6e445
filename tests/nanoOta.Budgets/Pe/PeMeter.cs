using Mono.Cecil;
using Mono.Cecil.Cil;

namespace nanoOta.Budgets.Pe
{
    /// <summary>The sizes of the device assemblies, as far as they exist.</summary>
    internal static class PeMeter
    {
        private const int Kibi = 1024;

        /// <summary>Our assemblies that a device with the twin channel and our firmware loads, but for the one that fetches files over HTTP.</summary>
        public static IReadOnlyList<string> TwinSet { get; } = ["nanoOta", "nanoOta.Native", "nanoOta.Azure"];

        /// <summary>With that one, <c>nanoOta.Http</c>.</summary>
        public static IReadOnlyList<string> TwinDevice { get; } = [.. TwinSet, "nanoOta.Http"];

        private static readonly Dictionary<string, int> _budgets = new(StringComparer.Ordinal) { ["nanoOta.DeviceUpdate"] = 14 * Kibi, ["nanoOta.Signing"] = 8 * Kibi };

        /// <summary>A row for the twin set, with and without HTTP, and for each assembly.</summary>
        /// <param name="folder">Where the assemblies lie as they ship.</param>
        public static IEnumerable<BudgetRow> Measure(string folder)
        {
            Dictionary<string, int> sizes = Directory.GetFiles(folder, "*.dll").Order(StringComparer.Ordinal)
                .ToDictionary(path => Path.GetFileNameWithoutExtension(path), path => PeEstimate.Of(path).Size);
            int twin = TwinSet.Sum(name => sizes[name]);
            yield return Row("twin", ".pe of nanoOta, nanoOta.Native and nanoOta.Azure: the twin channel on our firmware", 40 * Kibi, twin);
            yield return Row("twin:http", ".pe of these three and nanoOta.Http, which fetches the files", null, TwinDevice.Sum(name => sizes[name]));
            foreach ((string name, int size) in sizes)
            {
                int? budget = _budgets.TryGetValue(name, out int value) ? value : null;
                yield return Row(name, name == "nanoOta.Stock" ? $".pe of {name}, SHA-256 and RS256 in managed code among it" : $".pe of {name}", budget, size);
            }
        }

        /// <summary>Sizes of bodies that can be counted by hand: three instructions of one, three and one bytes, and a handler.</summary>
        public static string? SelfCheck()
        {
            using ModuleDefinition module = ModuleDefinition.CreateModule("Sample", ModuleKind.Dll);
            var method = new MethodDefinition("M", MethodAttributes.Static, module.TypeSystem.Void);
            ILProcessor il = method.Body.GetILProcessor();
            il.Emit(OpCodes.Nop);
            il.Emit(OpCodes.Ldstr, "text");
            il.Emit(OpCodes.Ret);
            method.Body.ExceptionHandlers.Add(new ExceptionHandler(ExceptionHandlerType.Finally));
            int size = PeBody.Size(method.Body);
            const int Expected = 1 + 3 + 1 + 12 + 1;
            return size == Expected ? null : $"a body of {Expected} bytes is estimated at {size}";
        }

        private static BudgetRow Row(string key, string what, int? budget, int size)
        {
            return new BudgetRow($"pe:{key}", what, "bytes", budget, "estimated from the IL that ships") { Measured = size };
        }
    }
}

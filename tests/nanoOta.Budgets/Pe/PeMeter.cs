using Mono.Cecil;
using Mono.Cecil.Cil;

namespace nanoOta.Budgets.Pe
{
    /// <summary>The sizes of the device assemblies, as far as they exist.</summary>
    internal static class PeMeter
    {
        private const int Kibi = 1024;

        /// <summary>
        /// The core is over its budget, and was when this was first measured (39128 bytes). What is to be met is the budget; until
        /// then it is kept from growing unnoticed. The ceiling is what it had once the twin was in (40528), then the hook for
        /// signatures with its nine result codes, the reports of HttpChannel, and 2 per cent: who raises it says here what for.
        /// </summary>
        private const int CoreCeiling = 42400 * 102 / 100;

        /// <summary>
        /// Device Update is over its budget, and was when this was first measured: what it has to read and to say is much. Its 12 KB
        /// of IL alone are more. The ceiling is what it had, and 2 per cent: who raises it says here what for.
        /// </summary>
        private const int DeviceUpdateCeiling = 19796 * 102 / 100;

        /// <summary>Our assemblies that a device of the twin channel with our firmware loads.</summary>
        public static IReadOnlyList<string> TwinSet { get; } = ["nanoOta", "nanoOta.Native", "nanoOta.Azure"];

        private static readonly (string Assembly, int Budget, int? Ceiling)[] _budgets =
        [
            ("nanoOta", 24 * Kibi, CoreCeiling),
            ("nanoOta.Signing", 8 * Kibi, null),
            ("nanoOta.Azure", 8 * Kibi, null),
            ("nanoOta.DeviceUpdate", 10 * Kibi, DeviceUpdateCeiling),
            ("nanoOta.Stock", 6 * Kibi, null),
        ];

        /// <summary>A row for each assembly that has a budget, there or not, and for each other one that is there.</summary>
        /// <param name="folder">Where the assemblies lie as they ship.</param>
        public static IEnumerable<BudgetRow> Measure(string folder)
        {
            string[] present = [.. Directory.GetFiles(folder, "*.dll").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];
            foreach ((string assembly, int budget, int? ceiling) in _budgets)
            {
                yield return present.Contains(assembly)
                    ? Row(folder, assembly, budget) with { Limit = ceiling }
                    : new BudgetRow($"pe:{assembly}", $".pe of {assembly}", "bytes", budget, "the assembly does not exist yet");
            }

            foreach (string assembly in present.Except(_budgets.Select(budget => budget.Assembly)))
            {
                yield return Row(folder, assembly, null);
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

        private static BudgetRow Row(string folder, string assembly, int? budget)
        {
            return new BudgetRow($"pe:{assembly}", $".pe of {assembly}", "bytes", budget, "estimated from the IL that ships")
            {
                Measured = PeEstimate.Of(Path.Combine(folder, assembly + ".dll")).Size,
            };
        }
    }
}

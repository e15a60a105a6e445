using Mono.Cecil;

namespace nanoOta.Budgets.Pe
{
    /// <summary>RAM that assemblies take before any of their code runs.</summary>
    internal static class LoaderMeter
    {
        /// <summary>Adds up the loader's tables of what a twin device loads of us.</summary>
        /// <param name="folder">Where the assemblies lie as they ship.</param>
        public static BudgetRow Measure(string folder)
        {
            (string Name, int Bytes)[] assemblies = [.. PeMeter.TwinSet.Append("nanoOta.Http")
                .Select(name => (name, LoaderTables.Of(PeEstimate.Of(Path.Combine(folder, name + ".dll")))))];
            return new BudgetRow("loader", "RAM for the loader's tables of these assemblies, nanoOta.Http included", "bytes", null,
                "8 bytes a type, 2 a method and a field, 4 a reference: " + string.Join(", ", assemblies.Select(assembly => $"{assembly.Name} {assembly.Bytes}")))
            {
                Measured = assemblies.Sum(assembly => assembly.Bytes),
            };
        }

        /// <summary>A type with a method and two fields, which refers to one type of one assembly.</summary>
        public static string? SelfCheck()
        {
            using ModuleDefinition module = ModuleDefinition.CreateModule("Sample", ModuleKind.Dll);
            var type = new TypeDefinition("", "T", TypeAttributes.Abstract, module.TypeSystem.Object);
            type.Fields.Add(new FieldDefinition("a", FieldAttributes.Private, module.TypeSystem.Int32));
            type.Fields.Add(new FieldDefinition("b", FieldAttributes.Private, module.TypeSystem.Int32));
            type.Methods.Add(new MethodDefinition("M", MethodAttributes.Abstract, module.TypeSystem.Void));
            module.Types.Add(type);
            int bytes = LoaderTables.Of(PeEstimate.Of(module, _ => true));
            const int Expected = 8 + 2 + 2 * 2 + 4 + 4;
            return bytes == Expected ? null : $"tables of {Expected} bytes are estimated at {bytes}";
        }
    }
}

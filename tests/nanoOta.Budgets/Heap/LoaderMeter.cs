using System.Reflection;
using Mono.Cecil;
using nanoOta.Budgets.Pe;

namespace nanoOta.Budgets.Heap
{
    /// <summary>
    /// RAM that an assembly takes before any of its code runs. nanoCLR keeps a record of it, and tables of what it resolved once: 8 bytes
    /// a type, 2 a method and a field, 4 a reference; and the static fields with their values.
    /// </summary>
    /// <remarks>
    /// Exact for five assemblies that were measured with nanoCLR 1.17 in November 2026: the core 2556 bytes, Native 564, Signing 480,
    /// Azure 876, DeviceUpdate 1344.
    /// </remarks>
    internal static class LoaderMeter
    {
        private const int Record = 136;
        private const int TypeEntry = 8;
        private const int MemberEntry = 2;
        private const int ReferenceEntry = 4;
        private const int Block = 12;

        // Rows of a .pe, each of which has an entry.
        private const int TypeRow = 24;
        private const int MethodRow = 16;
        private const int FieldRow = 8;
        private const int ReferenceRow = 8;
        private const int AssemblyReferenceRow = 12;

        /// <summary>A row for our assemblies of a twin device, and one for each other.</summary>
        /// <param name="folder">Where the assemblies lie as they ship.</param>
        public static IEnumerable<BudgetRow> Measure(string folder)
        {
            (string Name, int Bytes)[] assemblies = [.. PeMeter.TwinDevice.Append("nanoOta.DeviceUpdate").Append("nanoOta.Signing").Select(name => (name, Of(folder, name)))];
            string each = string.Join(", ", assemblies.Select(assembly => $"{assembly.Name} {assembly.Bytes}"));
            yield return new BudgetRow("loader", "RAM that our assemblies of a twin device take before Main, nanoOta.Http included", "bytes", null,
                $"loader's records and tables, from the metadata of what ships, and static fields; {each}")
            {
                Measured = assemblies.Where(assembly => PeMeter.TwinDevice.Contains(assembly.Name)).Sum(assembly => assembly.Bytes),
            };
        }

        /// <summary>A type with a method and two fields, one of them static, which refers to one type of one assembly.</summary>
        public static string? SelfCheck()
        {
            using ModuleDefinition module = ModuleDefinition.CreateModule("Sample", ModuleKind.Dll);
            var type = new TypeDefinition("", "T", Mono.Cecil.TypeAttributes.Abstract, module.TypeSystem.Object);
            type.Fields.Add(new FieldDefinition("a", Mono.Cecil.FieldAttributes.Private, module.TypeSystem.Int32));
            type.Fields.Add(new FieldDefinition("b", Mono.Cecil.FieldAttributes.Private | Mono.Cecil.FieldAttributes.Static, module.TypeSystem.Int32));
            type.Methods.Add(new MethodDefinition("M", Mono.Cecil.MethodAttributes.Abstract, module.TypeSystem.Void));
            module.Types.Add(type);
            int bytes = Of(module);
            const int Expected = 168 + 12;
            return bytes == Expected ? null : $"{bytes} bytes instead of {Expected}";
        }

        private static int Of(string folder, string name)
        {
            using ModuleDefinition module = ModuleDefinition.ReadModule(Path.Combine(folder, name + ".dll"));
            Assembly assembly = Assembly.Load(name);
            var values = new HeapWalk(other => other == assembly);
            values.AddStatics(assembly);
            return Of(module) + values.Bytes;
        }

        // 136 and the tables, in blocks of 12, and a block for each static field.
        private static int Of(ModuleDefinition module)
        {
            IReadOnlyDictionary<string, int> tables = PeEstimate.Of(module, _ => true).Tables;
            int references = (tables["type references"] + tables["field references"] + tables["method references"]) / ReferenceRow
                + tables["assembly references"] / AssemblyReferenceRow;
            int bytes = Record + tables["types"] / TypeRow * TypeEntry
                + (tables["methods"] / MethodRow + tables["fields"] / FieldRow) * MemberEntry + references * ReferenceEntry;
            int statics = module.GetTypes().SelectMany(type => type.Fields).Count(field => field.IsStatic && !field.HasConstant);
            return (bytes + Block - 1) / Block * Block + statics * Block;
        }
    }
}

using System.Text.RegularExpressions;
using Mono.Cecil;
using nanoOta.Tests.Documents;

namespace nanoOta.Tests.Targets
{
    /// <summary>
    /// The native side of nanoOta.Native, as text, against the compiled assembly: a firmware whose table, checksum or version drifted
    /// from it would be refused by the CLR when it starts.
    /// </summary>
    public partial class InteropTests
    {
        private const string Folder = "targets/interop/";
        private const string Table = Folder + "nanoOta_Native.cpp";

        private static readonly ModuleDefinition _assembly = ModuleDefinition.ReadModule(typeof(NativeSlots).Assembly.Location);

        [Fact]
        public void The_table_lists_the_assembly_s_methods_in_the_metadata_processor_s_order()
        {
            Assert.Empty(Drift(_assembly, Checkout.Text(Table)));
        }

        [Theory]
        [InlineData("::NativeOpen___STATIC__I4__I4__I4", "::NativeOpen___STATIC__I4__I4")]
        [InlineData("    NULL,\n    Library", "    Library")]
        [InlineData("0x0E545811", "0x0E545812")]
        [InlineData("{ 100, 0, 0, 4 }", "{ 100, 0, 0, 5 }")]
        [InlineData("\"nanoOta.Native\"", "\"nanoOta.Natives\"")]
        public void A_table_that_drifted_is_seen(string was, string becomes)
        {
            string text = Checkout.Text(Table);
            Assert.Contains(was, text);
            Assert.NotEmpty(Drift(_assembly, text.Replace(was, becomes)));
        }

        [Fact]
        public void The_header_declares_and_the_marshalling_defines_what_each_class_has_of_native_methods()
        {
            string[] methods = [.. NativeTable.Read(_assembly).Entries.Where(entry => entry != null).Select(entry => entry!)];
            string[] classes = [.. methods.Select(method => method.Split("::")[0]).Distinct()];
            Assert.Equal(["nanoOta_NativeAes", "nanoOta_NativeHasher", "nanoOta_NativeRsaVerifier", "nanoOta_NativeSlots"], classes);
            string[] names = [.. methods.Select(method => method.Split("::")[1])];
            Assert.Equal(names, Declared().Matches(Checkout.Text(Folder + "nanoOta_Native.h")).Select(match => match.Groups[1].Value));
            foreach (string type in classes)
            {
                string marshalling = Checkout.Text($"{Folder}nanoOta_Native_{type}_mshl.cpp");
                Assert.Contains($"using Natives = Library_nanoOta_Native_{type};", marshalling);
                Assert.Equal(methods.Where(method => method.StartsWith(type + "::", StringComparison.Ordinal)), Defined().Matches(marshalling).Select(match => $"{type}::{match.Groups[1].Value}"));
                Assert.Contains($"/interop/nanoOta_Native_{type}_mshl.cpp", Checkout.Text(Folder + "FindINTEROP-nanoOta.Native.cmake"));
            }
        }

        [Fact]
        public void The_host_s_tests_call_native_methods_in_the_table_s_order()
        {
            string[] names = [.. Names().Match(Checkout.Text(Folder + "tests/managed.h")).Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
            Assert.Equal(names, NativeTable.Read(_assembly).Entries.OfType<string>().Select(entry => entry.Split("::")[1].Split("___")[0].Replace("Native", "")));
        }

        // The array that the managed side brings for the native code to compute in.
        [Fact]
        public void The_work_area_of_a_verification_is_as_large_as_the_native_structure()
        {
            object words = typeof(NativeRsaVerifier).GetField("WorkWords", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!.GetRawConstantValue()!;
            Match work = Work().Match(Checkout.Text("targets/native/include/nanoota_rs256.h"));
            int each = int.Parse(Longest().Match(Checkout.Text("targets/native/include/nanoota_rs256.h")).Groups[1].Value) / 4;
            Assert.Equal(3 * each + each + int.Parse(work.Groups[1].Value), words);
        }

        // Nothing of them can be called here; that the types load, and are what the core asks for, can be seen.
        [Fact]
        public void The_native_hasher_and_verifier_are_what_the_core_asks_for()
        {
            Assert.IsAssignableFrom<IHasher>(new NativeHasher());
            Assert.IsAssignableFrom<IRsaVerifier>(new NativeRsaVerifier());
        }

        // The rule against a table and a checksum that nf-interpreter itself holds (nanoFramework.System.IO.Hashing 100.0.0.1).
        [Fact]
        public void The_checksum_s_rule_is_the_metadata_processor_s()
        {
            Assert.Equal(0xEBD8ED20, NativeTable.Sum("nanoFramework.System.IO.Hashing",
                [.. Enumerable.Repeat<string?>(null, 7), "System_IO_Hashing_Crc32::ComputeHash___STATIC__U4__U4__SystemSpanByte"]));
            Assert.Equal(0U, NativeTable.Sum("x", [null, null]));
        }

        [Fact]
        public void The_core_s_results_have_the_managed_numbers()
        {
            (string Name, int Number)[] results = [.. Results().Matches(Checkout.Text("targets/native/include/nanoota_slots.h").Split("} nota_result;")[0]).Select(match => (match.Groups[1].Value.Replace("_", ""), int.Parse(match.Groups[2].Value)))];
            Assert.Contains(("FLASHFAILED", 600), results);
            Assert.Contains(("CANCELLED", 3), results);
            Assert.All(results, result => Assert.Equal(result.Name, ((ResultCode)result.Number).ToString().ToUpperInvariant()));
        }

        private static IEnumerable<string> Drift(ModuleDefinition assembly, string text)
        {
            NativeTable table = NativeTable.Read(assembly);
            string rows = Rows().Match(text).Groups[1].Value;
            string?[] entries = [.. rows.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(row => row == "NULL" ? null : row.Replace("Library_nanoOta_Native_", ""))];
            if (!entries.SequenceEqual(table.Entries))
            {
                int at = entries.Zip(table.Entries).TakeWhile(pair => pair.First == pair.Second).Count();
                yield return $"{entries.Length} methods, the assembly has {table.Entries.Count}; entry {at} should be {table.Entries.ElementAtOrDefault(at) ?? "NULL"}.";
            }

            // As nf-interpreter's CMake code reads the file (FindNF_NativeAssemblies.cmake).
            Match data = Data().Match(text);
            string version = string.Join('.', data.Groups.Values.Skip(3).Select(group => group.Value));
            string native = (string)assembly.Assembly.CustomAttributes.Single(a => a.AttributeType.Name == "AssemblyNativeVersionAttribute").ConstructorArguments[0].Value;
            string found = $"{data.Groups[1].Value} 0x{data.Groups[2].Value} {version}";
            string wanted = $"{assembly.Assembly.Name.Name} 0x{table.Checksum:X8} {native}";
            if (found != wanted)
            {
                yield return $"{found} should be {wanted}.";
            }
        }

        [GeneratedRegex(@"method_lookup\[\] =\n\{\n(.*?)\};", RegexOptions.Singleline)]
        private static partial Regex Rows();

        [GeneratedRegex(@"[ \t\r\n]+CLR_RT_NativeAssemblyData[ \t\r\n]+g_CLR_AssemblyNative_nanoOta_Native[ \t\r\n]*=[^{0]+\{\s*""([^0""]+)""[^0]+0x([0-9A-Za-z]+)[^{]+\{[ \t\r\n]*([0-9]+)[ \t\r\n]*,[ \t\r\n]*([0-9]+)[ \t\r\n]*,[ \t\r\n]*([0-9]+)[ \t\r\n]*,[ \t\r\n]*([0-9]+)")]
        private static partial Regex Data();

        [GeneratedRegex(@"NANOCLR_NATIVE_DECLARE\((\w+)\)")]
        private static partial Regex Declared();

        [GeneratedRegex(@"^HRESULT Natives::(\w+)\(", RegexOptions.Multiline)]
        private static partial Regex Defined();

        [GeneratedRegex(@"product\[NOTA_RSA_MAX_LENGTH / 4U \+ (\d+)U\];")]
        private static partial Regex Work();

        [GeneratedRegex(@"#define NOTA_RSA_MAX_LENGTH (\d+)U")]
        private static partial Regex Longest();

        [GeneratedRegex(@"enum class Method \{([^}]*)\}")]
        private static partial Regex Names();

        [GeneratedRegex(@"^    NOTA_(\w+) = (\d+),  *\/\*\*<", RegexOptions.Multiline)]
        private static partial Regex Results();
    }
}

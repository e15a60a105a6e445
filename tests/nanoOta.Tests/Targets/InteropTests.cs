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
        [InlineData("0xEC1EC0DA", "0xEC1EC0DB")]
        [InlineData("{ 100, 0, 0, 1 }", "{ 100, 0, 0, 2 }")]
        [InlineData("\"nanoOta.Native\"", "\"nanoOta.Natives\"")]
        public void A_table_that_drifted_is_seen(string was, string becomes)
        {
            string text = Checkout.Text(Table);
            Assert.Contains(was, text);
            Assert.NotEmpty(Drift(_assembly, text.Replace(was, becomes)));
        }

        [Fact]
        public void Native_methods_are_in_one_class_and_what_the_header_declares_and_the_marshalling_defines()
        {
            string[] methods = [.. NativeTable.Read(_assembly).Entries.Where(entry => entry != null).Select(entry => entry!)];
            Assert.All(methods, method => Assert.StartsWith("nanoOta_NativeSlots::", method));
            string[] names = [.. methods.Select(method => method.Split("::")[1])];
            string header = Checkout.Text(Folder + "nanoOta_Native.h");
            string marshalling = Checkout.Text(Folder + "nanoOta_Native_nanoOta_NativeSlots_mshl.cpp");
            Assert.Equal(names, Declared().Matches(header).Select(match => match.Groups[1].Value));
            Assert.Equal(names, Defined().Matches(marshalling).Select(match => match.Groups[1].Value));
        }

        // The host's tests call methods by their place behind the managed ones.
        [Fact]
        public void The_host_s_tests_call_methods_by_their_place()
        {
            NativeTable table = NativeTable.Read(_assembly);
            int first = table.Entries.TakeWhile(entry => entry == null).Count();
            string text = Checkout.Text(Folder + "tests/managed.h");
            Assert.Contains($"first_native_method = {first};", text);
            string[] names = [.. Names().Match(text).Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
            Assert.Equal(names.Select(name => "Native" + name), table.Entries.Skip(first).Take(names.Length).Select(entry => entry!.Split("::")[1].Split("___")[0]));
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

        [GeneratedRegex(@"enum class Method \{([^}]*)\}")]
        private static partial Regex Names();

        [GeneratedRegex(@"^    NOTA_(\w+) = (\d+),  *\/\*\*<", RegexOptions.Multiline)]
        private static partial Regex Results();
    }
}

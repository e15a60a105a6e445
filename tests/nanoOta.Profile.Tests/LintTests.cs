using Microsoft.CodeAnalysis;
using nanoOta.Profile.Lint;

namespace nanoOta.Profile.Tests
{
    public class LintTests(Profile profile)
    {
        // In each the violation is on the line marked "// here".
        public static TheoryData<string, string, string> Violations => new()
        {
            { "NOTA001", "A.Box`1", "class Box<T> { public int Get() {\n return 1; // here\n } }" },
            { "NOTA001", "A.B.Get", "class B { T Get<T>(T t) {\n return t; // here\n } }" },
            { "NOTA001", "A.B.Call", "delegate void D(); class B { void Call(D d) { d();\n System.Action<int> a = null; a(1); // here\n } }" },
            { "NOTA001", "A.B.TypeOf", "class B { object TypeOf(int a) { a++;\n return typeof(System.Func<,>); // here\n } }" },
            { "NOTA001", "A.B._field", "class B { System.Action<int> _field; int Get() {\n return 1; // here\n } }" },
            { "NOTA001", "A.B.Take", "class B { int Take(System.Action<int> a) {\n return 1; // here\n } }" },
            { "NOTA001", "A.B.Give", "abstract class B { protected abstract System.Action<int> Give(); int Get() {\n return 1; // here\n } }" },
            { "NOTA001", "A.C", "interface I<T> {} class C : I<int> { int Get() {\n return 1; // here\n } }" },
            { "NOTA002", "A.B.Make", "class B { object Make(int a) { a++;\n return new int[a, 3]; // here\n } }" },
            { "NOTA002", "A.B.Field", "class B { int[,] Field; int Get() {\n return 1; // here\n } }" },
            { "NOTA003", "A.B.Sum", "unsafe class B { int Sum() {\n int* p = stackalloc int[4]; // here\n return p[0]; } }" },
            { "NOTA004", "A.B.Fix", "unsafe class B { int Fix(byte[] a) {\n fixed (byte* p = a) // here\n { return *p; } } }" },
            { "NOTA004", "A.B.Read", "unsafe class B { int Read(int* p) {\n return *p; // here\n } }" },
            { "NOTA005", "A.B._function", "unsafe class B { delegate*<void> _function; int Get() {\n return 1; // here\n } }" },
            { "NOTA005", "A.B.Call", "unsafe class B { static void F() { } void Call() {\n delegate*<void> f = &F; f(); // here\n } }" },
            { "NOTA008", "A.B.Add", "class B { int Add(int a, int b) {\n return checked(a + b); // here\n } }" },
            { "NOTA008", "A.B.Narrow", "class B { byte Narrow(int a) {\n return checked((byte)a); // here\n } }" },
            { "NOTA010", "A.B.Make", "class B { int Make(int i) {\n return __refvalue(__makeref(i), int); // here\n } }" },
            { "NOTA010", "A.B.Count", "class B { int Count(__arglist) {\n return 1; // here\n } }" },
            { "NOTA007", "A.S", "readonly struct S { public int Get() {\n return 1; // here\n } }" },
            { "NOTA007", "A.B.Take", "class B { int Take(in int a) {\n return a; // here\n } }" },
            { "NOTA007", "A.B.get_P", "class B { nint P {\n get { return 1; } // here\n } }" },
            { "NOTA007", "A.S.get_P", "struct S { public int P { get; set; } // here\n }" },
        };

        [Theory]
        [MemberData(nameof(Violations))]
        public void A_violation_is_found_at_its_line(string code, string member, string body)
        {
            using var compiler = new DeviceCompiler();
            string source = Source(body);
            compiler.Compile(profile, source);

            IReadOnlyList<Finding> findings = DeviceLint.Check(compiler.Assembly);

            int line = source[..source.IndexOf("// here", StringComparison.Ordinal)].Count(c => c == '\n') + 1;
            string expected = $"{compiler.Source}({line}): error {code}: {member}: ";
            Assert.Contains(findings, finding => finding.ToString().StartsWith(expected, StringComparison.Ordinal));
            Assert.All(findings, finding => Assert.True(finding.Rule.Code == code || code == "NOTA003", finding.ToString()));
            Assert.All(findings, finding => Assert.Equal(compiler.Source, finding.Place.File));
        }

        [Fact]
        public void A_default_interface_method_is_found_but_not_a_static_one()
        {
            using var compiler = new DeviceCompiler();
            compiler.Compile(profile, Source("interface I { int A() {\n return 1;\n } static int B() { return 2; } int C(); }"));

            Finding finding = Assert.Single(DeviceLint.Check(compiler.Assembly));

            Assert.Equal((Rule.DefaultInterfaceMethod, "A.I.A", new Place(compiler.Source, 4)), (finding.Rule, finding.Member, finding.Place));
        }

        [Fact]
        public void A_modifier_is_found_but_not_that_of_init()
        {
            using var compiler = new DeviceCompiler();
            compiler.Compile(profile, Source("""
                class B
                {
                    public int P { get; init; }
                    public virtual void Take(in int a) { }
                }
                }
                namespace System.Runtime.InteropServices { class InAttribute : Attribute { }
                """));

            string[] findings = [.. DeviceLint.Check(compiler.Assembly).Select(finding => $"{finding.Rule.Code} {finding.Member} {finding.Place.Line}").Order()];

            Assert.Equal(["NOTA007 A.B.Take 6", "NOTA012 A.B.Take 6"], findings);
        }

        [Fact]
        public void A_volatile_field_is_found()
        {
            using var compiler = new DeviceCompiler();
            compiler.Compile(profile, Source("class B { int P {\n get; init; } }"));
            compiler.Patch("IsExternalInit\0"u8, "IsVolatile\0\0\0\0\0"u8);

            Finding finding = Assert.Single(DeviceLint.Check(compiler.Assembly));

            Assert.Equal((Rule.Volatile, "A.B.set_P", 4), (finding.Rule, finding.Member, finding.Place.Line));
        }

        [Theory]
        [InlineData("NOTA009", 0x13)]
        [InlineData("NOTA011", 0x14)]
        public void A_prefix_that_the_device_lacks_is_found(string code, byte prefix)
        {
            using var compiler = new DeviceCompiler();
            compiler.Compile(profile, Source("class B { static void Go() { int a = 7;\n { { Go(); } } } }"), OptimizationLevel.Debug);

            // ldc.i4.7, stloc.0, then two nops before the call.
            compiler.Patch([0x1D, 0x0A, 0x00, 0x00, 0x28], [0x1D, 0x0A, 0xFE, prefix, 0x28]);

            Finding finding = Assert.Single(DeviceLint.Check(compiler.Assembly));

            Assert.Equal((code, "A.B.Go", new Place(compiler.Source, 4)), (finding.Rule.Code, finding.Member, finding.Place));
        }

        [Fact]
        public void A_violation_is_found_behind_a_jump_table()
        {
            // With 16 such cases the table's last entry and the jump to the default are both 0x22, the code of an instruction
            // with a 4-byte operand: read from within the table, the checked addition would be taken for operands.
            string cases = string.Concat(Enumerable.Range(1, 15).Select(i => $"case {i}: return {i % 7}; "));
            using var compiler = new DeviceCompiler();
            compiler.Compile(profile, Source($"class B {{ int Choose(int a) {{ switch (a) {{ case 0:\n return checked(a + 1);\n {cases}}} return 8; }} }}"));

            Finding finding = Assert.Single(DeviceLint.Check(compiler.Assembly));

            Assert.Equal((Rule.Checked, 4), (finding.Rule, finding.Place.Line));
        }

        [Fact]
        public void A_pinned_local_is_found_without_a_pointer()
        {
            using var compiler = new DeviceCompiler();
            compiler.Compile(profile, Source("unsafe class B { void Pin(byte[] a) {\n fixed (byte* p = a)\n { } } }"));

            // Two locals, byte* and pinned byte[]: make the first a byte[], too.
            compiler.Patch([0x07, 0x02, 0x0F, 0x05, 0x45, 0x1D, 0x05], [0x07, 0x02, 0x1D, 0x05, 0x45, 0x1D, 0x05]);

            Finding finding = Assert.Single(DeviceLint.Check(compiler.Assembly));

            Assert.Equal((Rule.Pointer, "A.B.Pin", 4), (finding.Rule, finding.Member, finding.Place.Line));
        }

        [Fact]
        public void A_type_without_code_is_found_in_its_file()
        {
            using var compiler = new DeviceCompiler();
            compiler.Compile(profile, Source("interface I { System.Action<int> Give(); }"));

            Finding finding = Assert.Single(DeviceLint.Check(compiler.Assembly));

            Assert.Equal(("A.I.Give", new Place(compiler.Source, 1)), (finding.Member, finding.Place));
        }

        [Fact]
        public void Without_a_PDB_a_finding_names_the_assembly()
        {
            using var compiler = new DeviceCompiler();
            compiler.Compile(profile, Source("class B { int Add(int a) => checked(a + a); }"));
            File.Delete(Path.ChangeExtension(compiler.Assembly, ".pdb"));

            Finding finding = Assert.Single(DeviceLint.Check(compiler.Assembly));

            Assert.StartsWith($"{compiler.Assembly}: error NOTA008: A.B.Add: ", finding.ToString());
        }

        [Fact]
        public void What_works_on_the_device_passes()
        {
            Assert.Empty(DeviceLint.Check(Path.Combine(DeviceAssemblies.Shipped, "nanoOta.Profile.Fixture.dll")));
        }

        [Fact]
        public void Every_rule_is_described()
        {
            string description = File.ReadAllText(Path.Combine(Profile.Folder, "README.md"));

            Assert.All(Rule.All, rule => Assert.Contains($"| {rule.Code} |", description));
        }

        private static string Source(string body) => $"namespace A\n{{\n{body}\n}}\n";
    }
}

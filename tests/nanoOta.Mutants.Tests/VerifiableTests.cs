using System.Runtime.CompilerServices;
using Mono.Cecil.Cil;
using nanoOta.Mutants.Il;
using nanoOta.Mutants.Operators;

namespace nanoOta.Mutants.Tests
{
    /// <summary>A mutant is a program: the compiler of .NET accepts it. One that it does not accept would count as killed.</summary>
    public class VerifiableTests
    {
        private static readonly AssemblyFile[] _device = [.. Directory.GetFiles(AppContext.BaseDirectory, "nanoOta*.dll").Order(StringComparer.Ordinal)
            .Where(IsDevice).Select(path => new AssemblyFile(path, AppContext.BaseDirectory, 0))];

        public static TheoryData<string> Assemblies => [.. _device.Select(assembly => assembly.Name)];

        [Theory]
        [MemberData(nameof(Assemblies))]
        public void The_first_mutant_of_each_operator_in_each_method_compiles(string name)
        {
            AssemblyFile assembly = _device.Single(assembly => assembly.Name == name);
            Mutant[] mutants = [.. assembly.Mutants.DistinctBy(mutant => (mutant.Method, mutant.Operator))];
            Assert.NotEmpty(mutants);
            Assert.All(Layers(mutants), layer => Assert.Empty(Refused(assembly.Make(layer), [.. layer.Select(mutant => mutant.Method)])));
        }

        [Fact]
        public void Each_operator_has_mutants()
        {
            Assert.Contains("nanoOta.Signing", _device.Select(assembly => assembly.Name));
            Assert.Equal(Mutations.Operators.Order(), _device.SelectMany(assembly => assembly.Mutants).Select(mutant => mutant.Operator).Distinct().Order());
        }

        [Fact]
        public void A_method_that_is_no_program_is_seen()
        {
            using var module = Mono.Cecil.ModuleDefinition.ReadModule(typeof(Fixture.Samples).Assembly.Location, new Mono.Cecil.ReaderParameters { InMemory = true });
            Mono.Cecil.MethodDefinition method = module.GetType(typeof(Fixture.Samples).FullName).Methods.Single(method => method.Name == nameof(Fixture.Samples.Seven));
            method.Body.GetILProcessor().InsertBefore(method.Body.Instructions[0], Instruction.Create(OpCodes.Ldc_I4_0));
            var image = new MemoryStream();
            module.Write(image);
            Assert.Equal([nameof(Fixture.Samples.Seven)], Refused(image.ToArray(), new HashSet<string> { method.FullName }));
        }

        // The names of methods that are not compiled.
        private static List<string> Refused(byte[] image, HashSet<string> methods)
        {
            var refused = new List<string>();
            foreach (System.Reflection.MethodBase method in new MutatedWorld(image).Methods(methods))
            {
                try
                {
                    RuntimeHelpers.PrepareMethod(method.MethodHandle);
                }
                catch (InvalidProgramException)
                {
                    refused.Add(method.Name);
                }
            }

            return refused;
        }

        // Many mutants in one assembly, at most one in each method.
        private static IEnumerable<List<Mutant>> Layers(IEnumerable<Mutant> mutants)
        {
            Mutant[][] methods = [.. mutants.GroupBy(mutant => mutant.Method).Select(group => group.ToArray())];
            for (int layer = 0; methods.Any(method => layer < method.Length); layer++)
            {
                yield return [.. methods.Where(method => layer < method.Length).Select(method => method[layer])];
            }
        }

        // Those compiled for the device refer to its libraries, not to .NET's.
        private static bool IsDevice(string path)
        {
            using var module = Mono.Cecil.ModuleDefinition.ReadModule(path);
            return module.AssemblyReferences.Any(reference => reference.Name == "nanoOta.StandIns") && module.AssemblyReferences.All(reference => reference.Name.StartsWith("nanoOta", StringComparison.Ordinal));
        }
    }
}

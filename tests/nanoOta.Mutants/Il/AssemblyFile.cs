using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;
using nanoOta.Budgets.Il;
using nanoOta.Mutants.Operators;

namespace nanoOta.Mutants.Il
{
    /// <summary>An assembly that is mutated, beside its PDB.</summary>
    /// <param name="path">The file.</param>
    /// <param name="root">The folder that sources are named from.</param>
    /// <param name="firstBlock">The number of its first basic block; the blocks of several assemblies are numbered through.</param>
    /// <param name="isSubject">Which types are mutated; null: all.</param>
    internal sealed class AssemblyFile(string path, string root, int firstBlock, Func<TypeDefinition, bool>? isSubject = null)
    {
        private readonly List<Mutant> _mutants = [];
        private int _blocks = -1;

        /// <summary>Its name.</summary>
        public string Name => Path.GetFileNameWithoutExtension(path);

        /// <summary>The file's name.</summary>
        public string FileName => Path.GetFileName(path);

        /// <summary>Every mutant there can be, in the order of the code.</summary>
        public IReadOnlyList<Mutant> Mutants
        {
            get
            {
                List();
                return _mutants;
            }
        }

        /// <summary>The number of its basic blocks.</summary>
        public int Blocks
        {
            get
            {
                List();
                return _blocks;
            }
        }

        /// <summary>The assembly with one instruction changed.</summary>
        public byte[] Make(Mutant mutant)
        {
            return Make([mutant]);
        }

        /// <summary>The assembly with several instructions changed. Two changes of one instruction do not go together.</summary>
        public byte[] Make(IReadOnlyCollection<Mutant> mutants)
        {
            using ModuleDefinition module = Read();
            foreach (IGrouping<string, Mutant> group in mutants.GroupBy(mutant => mutant.Method))
            {
                MethodDefinition method = Methods(module).Single(method => method.FullName == group.Key);
                ILProcessor il = method.Body.GetILProcessor();
                method.Body.SimplifyMacros();
                Mutation[] chosen = [.. group.Select(mutant => method.Body.Instructions.Where(instruction => instruction.Offset == mutant.Offset)
                    .SelectMany(instruction => Mutations.Of(method, instruction)).Single(mutation => mutation.Operator == mutant.Operator && mutation.Change == mutant.Change))];
                Array.ForEach(chosen, mutation => mutation.Apply(il));
                method.Body.OptimizeMacros();
            }

            return Write(module);
        }

        /// <summary>The assembly that notes each basic block that is reached.</summary>
        public byte[] Instrument()
        {
            using ModuleDefinition module = Read();
            FieldReference seen = module.ImportReference(typeof(Coverage.BlockHits).GetField(nameof(Coverage.BlockHits.Seen)));
            int number = firstBlock;
            foreach (MethodDefinition method in Methods(module))
            {
                BasicBlocks.Prepend(method.Body, _ =>
                [
                    Instruction.Create(OpCodes.Ldsfld, seen), Instruction.Create(OpCodes.Ldc_I4, number++), Instruction.Create(OpCodes.Ldc_I4_1),
                    Instruction.Create(OpCodes.Stelem_I1),
                ]);
            }

            return Write(module);
        }

        /// <summary>The assembly, unchanged but for having been read and written as the others are.</summary>
        public byte[] Copy()
        {
            return Make([]);
        }

        /// <summary>The assembly as it was built.</summary>
        public byte[] Original()
        {
            return File.ReadAllBytes(path);
        }

        private ModuleDefinition Read()
        {
            var resolver = new DefaultAssemblyResolver();
            resolver.AddSearchDirectory(Path.GetDirectoryName(path));
            return ModuleDefinition.ReadModule(path, new ReaderParameters
            {
                AssemblyResolver = resolver,
                InMemory = true,
                ReadSymbols = File.Exists(Path.ChangeExtension(path, ".pdb")),
                SymbolReaderProvider = new PortablePdbReaderProvider(),
            });
        }

        private static byte[] Write(ModuleDefinition module)
        {
            using var result = new MemoryStream();
            module.Write(result);
            return result.ToArray();
        }

        private IEnumerable<MethodDefinition> Methods(ModuleDefinition module)
        {
            return module.GetTypes().Where(type => isSubject?.Invoke(type) != false).SelectMany(type => type.Methods).Where(method => method.HasBody);
        }

        private void List()
        {
            if (_blocks >= 0)
            {
                return;
            }

            using ModuleDefinition module = Read();
            _blocks = 0;
            foreach (MethodDefinition method in Methods(module))
            {
                var source = new SourceLines(method, root);
                method.Body.SimplifyMacros();
                foreach (Instruction[] block in BasicBlocks.Of(method.Body))
                {
                    _mutants.AddRange(block.Where(source.IsWritten).SelectMany(instruction => Mutations.Of(method, instruction).Select(mutation => new Mutant
                    {
                        Assembly = Name,
                        Method = method.FullName,
                        Offset = instruction.Offset,
                        Operator = mutation.Operator,
                        Change = mutation.Change,
                        File = source.File,
                        Line = source.LineOf(instruction),
                        Block = firstBlock + _blocks,
                    })));
                    _blocks++;
                }
            }
        }
    }
}

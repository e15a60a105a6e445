using Mono.Cecil;
using Mono.Cecil.Cil;

namespace nanoOta.Mutants.Il
{
    /// <summary>Where a method's instructions come from, by the PDB.</summary>
    internal sealed class SourceLines
    {
        private readonly SequencePoint[] _points;
        private readonly bool _isGenerated;

        /// <summary>Looks a method up.</summary>
        public SourceLines(MethodDefinition method, string root)
        {
            _points = [.. method.DebugInformation.SequencePoints.OrderBy(point => point.Offset)];
            _isGenerated = method.DeclaringType.Name.StartsWith("<PrivateImplementationDetails>", StringComparison.Ordinal)
                || (_points.Length == 0 && method.Module.HasSymbols);
            string? file = _points.FirstOrDefault()?.Document.Url;
            string? relative = file == null ? null : Path.GetRelativePath(root, file);
            File = relative?.StartsWith("..", StringComparison.Ordinal) == true ? file : relative?.Replace('\\', '/');
        }

        /// <summary>The source file; null: not known.</summary>
        public string? File { get; }

        /// <summary>The line of an instruction; 0: not known.</summary>
        public int LineOf(Instruction instruction)
        {
            return PointOf(instruction) is { IsHidden: false } point ? point.StartLine : 0;
        }

        /// <summary>Whether somebody wrote what the instruction does; not the compiler, for a using, a lock or a switch over strings.</summary>
        public bool IsWritten(Instruction instruction)
        {
            return !_isGenerated && PointOf(instruction)?.IsHidden != true;
        }

        private SequencePoint? PointOf(Instruction instruction)
        {
            return _points.LastOrDefault(point => point.Offset <= instruction.Offset);
        }
    }
}

using Mono.Cecil;
using Mono.Cecil.Cil;

namespace nanoOta.Mutants.Il
{
    /// <summary>Where a method's instructions come from, by the PDB.</summary>
    internal sealed class SourceLines
    {
        private readonly SequencePoint[] _points;
        private readonly ExceptionHandler[] _finally;
        private readonly bool _isGenerated;

        /// <summary>Looks a method up.</summary>
        public SourceLines(MethodDefinition method, string root)
        {
            _points = [.. method.DebugInformation.SequencePoints.OrderBy(point => point.Offset)];
            _finally = [.. method.Body.ExceptionHandlers.Where(handler => handler.HandlerType is ExceptionHandlerType.Finally or ExceptionHandlerType.Fault)];
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
            SequencePoint[] visible = [.. _points.Where(point => !point.IsHidden)];
            return (visible.LastOrDefault(point => point.Offset <= instruction.Offset) ?? visible.FirstOrDefault())?.StartLine ?? 0;
        }

        /// <summary>
        /// Whether somebody wrote what the instruction does; not the compiler, for a using or a lock. The way to the cases of a switch counts
        /// as written, except where it is a search between them.
        /// </summary>
        public bool IsWritten(Instruction instruction)
        {
            return !_isGenerated && (PointOf(instruction)?.IsHidden != true || (IsCase(instruction) && !IsInFinally(instruction)));
        }

        private static bool IsCase(Instruction instruction)
        {
            return instruction.OpCode.Code is Code.Switch or Code.Beq or Code.Bne_Un or Code.Brtrue or Code.Brfalse;
        }

        private bool IsInFinally(Instruction instruction)
        {
            return _finally.Any(handler => handler.HandlerStart.Offset <= instruction.Offset && !(handler.HandlerEnd?.Offset <= instruction.Offset));
        }

        private SequencePoint? PointOf(Instruction instruction)
        {
            return _points.LastOrDefault(point => point.Offset <= instruction.Offset);
        }
    }
}

extern alias StandIns;

using StandIns::nanoOta.StandIns;

namespace nanoOta.VirtualDevice.PowerFail.Stock
{
    /// <summary>
    /// Counts the injection points of a run on a file system, over all its boots, and cuts the power at those that it is given. Each
    /// change of the file system is atomic, as littlefs promises, so it has happened or not.
    /// </summary>
    public sealed class FileInjectionPoints(VirtualFileSystem files, IReadOnlyList<Cut> cuts)
    {
        private int _nextCut;

        /// <summary>The kinds of the injection points passed, in order.</summary>
        public List<InjectionKind> Passed { get; } = [];

        /// <summary>Cuts made.</summary>
        public int Cuts => _nextCut;

        /// <summary>A change of the file system.</summary>
        public CutPoint Before(FileOperation operation)
        {
            string name = operation.Path[(operation.Path.LastIndexOf('\\') + 1)..];
            InjectionKind kind = name.StartsWith("record", StringComparison.Ordinal) ? InjectionKind.Record
                : name.StartsWith("journal", StringComparison.Ordinal) ? InjectionKind.Journal
                : operation.Kind == FileOperationKind.CommitFile ? InjectionKind.SlotProgram : InjectionKind.SlotErase;
            return !IsCut(kind) ? CutPoint.None : cuts[_nextCut - 1].Tear.Kind == Flash.TearKind.All ? CutPoint.After : CutPoint.Before;
        }

        /// <summary>An injection point outside of the file system. When the power is cut here, nothing happens any more.</summary>
        public void Pass(InjectionKind kind)
        {
            if (files.IsPowered && IsCut(kind))
            {
                files.CutPower();
            }
        }

        private bool IsCut(InjectionKind kind)
        {
            Passed.Add(kind);
            if (_nextCut == cuts.Count || cuts[_nextCut].Point != Passed.Count)
            {
                return false;
            }

            _nextCut++;
            return true;
        }
    }
}

extern alias StandIns;

using StandIns::nanoOta.StandIns;

namespace nanoOta.VirtualDevice.Torture.Stock
{
    /// <summary>
    /// Counts the points of a run on a file system, over all its boots, and cuts the power at those it was told. Each change of the
    /// file system is atomic, as littlefs promises, so it has happened or not.
    /// </summary>
    public sealed class FilePoints(VirtualFileSystem files, IReadOnlyList<Cut> cuts)
    {
        private int _nextCut;

        /// <summary>The kinds of the points passed, in order.</summary>
        public List<PointKind> Passed { get; } = [];

        /// <summary>Cuts made.</summary>
        public int Cuts => _nextCut;

        /// <summary>A change of the file system.</summary>
        public CutPoint Before(FileOperation operation)
        {
            string name = operation.Path[(operation.Path.LastIndexOf('\\') + 1)..];
            PointKind kind = name.StartsWith("record", StringComparison.Ordinal) ? PointKind.Record
                : name.StartsWith("journal", StringComparison.Ordinal) ? PointKind.Journal
                : operation.Kind == FileOperationKind.CommitFile ? PointKind.SlotProgram : PointKind.SlotErase;
            return !IsCut(kind) ? CutPoint.None : cuts[_nextCut - 1].Tear.Kind == Flash.TearKind.All ? CutPoint.After : CutPoint.Before;
        }

        /// <summary>A point that is not one of the file system. When the power is cut here, nothing happens any more.</summary>
        public void Pass(PointKind kind)
        {
            if (files.IsPowered && IsCut(kind))
            {
                files.CutPower();
            }
        }

        private bool IsCut(PointKind kind)
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

using nanoOta.VirtualDevice.Flash;

namespace nanoOta.VirtualDevice.Torture
{
    /// <summary>The kinds of points at which the power can be cut.</summary>
    public enum PointKind
    {
        /// <summary>A sector of an image's slot is erased.</summary>
        SlotErase,

        /// <summary>A sector of an image's slot is programmed.</summary>
        SlotProgram,

        /// <summary>The slot record is erased or programmed.</summary>
        Record,

        /// <summary>otadata is erased or programmed.</summary>
        OtaData,

        /// <summary>The journal is erased or programmed.</summary>
        Journal,

        /// <summary>Bytes are read from the network.</summary>
        Read,

        /// <summary>A report is sent.</summary>
        Report,

        /// <summary>The device resets.</summary>
        Reset,
    }

    /// <summary>A cut: at which point, counted from 1 over all kinds, and what it leaves of a flash operation.</summary>
    public readonly record struct Cut(int Point, Tear Tear);

    /// <summary>Counts the points of a run, over all its boots, and cuts the power at those it was told.</summary>
    public sealed class Points(NorFlash flash, IReadOnlyList<Cut> cuts, Func<bool, int, PointKind> classify)
    {
        private int _nextCut;

        /// <summary>Is told of each cut before it is made; false: the power stays.</summary>
        public Func<Cut, bool> Struck { get; init; } = _ => true;

        /// <summary>The kinds of the points passed, in order.</summary>
        public List<PointKind> Passed { get; } = [];

        /// <summary>Cuts made.</summary>
        public int Cuts => _nextCut;

        /// <summary>Begins to watch the flash.</summary>
        public void Watch()
        {
            flash.Watch = (erase, offset) =>
            {
                if (IsCut(classify(erase, offset)))
                {
                    flash.CutAt = flash.Operations + 1;
                    flash.Tear = cuts[_nextCut - 1].Tear;
                }
            };
        }

        /// <summary>A point that is not one of the flash. When the power is cut here, nothing happens any more.</summary>
        public void Pass(PointKind kind)
        {
            if (!flash.IsOff && IsCut(kind))
            {
                flash.CutPower();
            }
        }

        private bool IsCut(PointKind kind)
        {
            Passed.Add(kind);
            if (_nextCut == cuts.Count || cuts[_nextCut].Point != Passed.Count)
            {
                return false;
            }

            return Struck(cuts[_nextCut++]);
        }
    }
}

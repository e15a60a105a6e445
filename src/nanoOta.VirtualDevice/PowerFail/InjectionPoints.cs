using nanoOta.VirtualDevice.Flash;

namespace nanoOta.VirtualDevice.PowerFail
{
    /// <summary>The kinds of injection points.</summary>
    public enum InjectionKind
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

        /// <summary>Bytes are read from the active deployment, to be copied or as a patch's window.</summary>
        ActiveRead,
    }

    /// <summary>A cut: at which injection point, counted from 1 over all kinds, and what it leaves of a flash operation.</summary>
    public readonly record struct Cut(int Point, Tear Tear);

    /// <summary>Counts the injection points of a run, over all its boots, and cuts the power at those that it is given.</summary>
    public sealed class InjectionPoints(NorFlash flash, IReadOnlyList<Cut> cuts, Func<bool, int, InjectionKind> classify)
    {
        private int _nextCut;

        /// <summary>Is asked before each cut; false: the power stays.</summary>
        public Func<Cut, bool> Allows { get; init; } = _ => true;

        /// <summary>The kinds of the injection points passed, in order.</summary>
        public List<InjectionKind> Passed { get; } = [];

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

        /// <summary>An injection point outside of the flash. When the power is cut here, nothing happens any more.</summary>
        public void Pass(InjectionKind kind)
        {
            if (!flash.IsOff && IsCut(kind))
            {
                flash.CutPower();
            }
        }

        private bool IsCut(InjectionKind kind)
        {
            Passed.Add(kind);
            if (_nextCut == cuts.Count || cuts[_nextCut].Point != Passed.Count)
            {
                return false;
            }

            return Allows(cuts[_nextCut++]);
        }
    }
}

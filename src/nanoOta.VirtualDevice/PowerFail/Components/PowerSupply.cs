extern alias StandIns;

using nanoOta.VirtualDevice.Flash;
using StandIns::nanoOta.StandIns;

namespace nanoOta.VirtualDevice.PowerFail.Components
{
    /// <summary>Where a power failure can come in a device with several parts.</summary>
    public enum ComponentPoint
    {
        /// <summary>A change of the device's own flash.</summary>
        Flash,

        /// <summary>A change of the flash chip on the SPI bus.</summary>
        Chip,

        /// <summary>A change of the MCU's own flash.</summary>
        McuFlash,

        /// <summary>A request that arrives at the MCU.</summary>
        Uart,

        /// <summary>A change of the file system.</summary>
        File,

        /// <summary>Bytes are read from the network.</summary>
        Read,

        /// <summary>A report is sent.</summary>
        Report,

        /// <summary>The device resets.</summary>
        Reset,
    }

    /// <summary>One supply for the device, its flash chip, its drive and its MCU: counts the points of a run, and fails at those that it is given.</summary>
    /// <param name="flashes">The flashes that it feeds.</param>
    /// <param name="files">The drive that it feeds.</param>
    /// <param name="cuts">Where it fails.</param>
    public sealed class PowerSupply(IReadOnlyList<NorFlash> flashes, VirtualFileSystem files, IReadOnlyList<Cut> cuts)
    {
        private int _next;

        /// <summary>The points passed, in order.</summary>
        public List<ComponentPoint> Passed { get; } = [];

        /// <summary>Cuts made.</summary>
        public int Cuts => _next;

        /// <summary>Watches a flash.</summary>
        public void Watch(NorFlash flash, ComponentPoint point)
        {
            flash.Watch = (_, _) =>
            {
                if (IsCut(point))
                {
                    flash.CutAt = flash.Operations + 1;
                    flash.Tear = cuts[_next - 1].Tear;
                    CutAll(flash);
                }
            };
        }

        /// <summary>Watches the drive.</summary>
        public CutPoint Before(FileOperation operation)
        {
            if (!IsCut(ComponentPoint.File))
            {
                return CutPoint.None;
            }

            foreach (NorFlash flash in flashes)
            {
                flash.CutPower();
            }

            return cuts[_next - 1].Tear.Kind == TearKind.All ? CutPoint.After : CutPoint.Before;
        }

        /// <summary>A point outside of any storage.</summary>
        public void Pass(ComponentPoint point)
        {
            if (files.IsPowered && IsCut(point))
            {
                CutAll(null);
            }
        }

        private void CutAll(NorFlash? except)
        {
            foreach (NorFlash flash in flashes.Where(flash => flash != except))
            {
                flash.CutPower();
            }

            files.CutPower();
        }

        private bool IsCut(ComponentPoint point)
        {
            Passed.Add(point);
            if (_next == cuts.Count || cuts[_next].Point != Passed.Count)
            {
                return false;
            }

            _next++;
            return true;
        }
    }
}

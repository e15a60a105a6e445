extern alias StandIns;

using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Boot;
using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;
using nanoOta.VirtualDevice.Slots;
using StandIns::nanoOta.StandIns;

namespace nanoOta.Native.Tests
{
    /// <summary>
    /// The C# model and the C core, each around its own copy of one flash. Whatever is asked is asked of both, and both must answer
    /// alike, have erased and programmed the same in the same order, and leave the same bytes, also where the power is cut.
    /// </summary>
    internal sealed class Duel : IDisposable
    {
        // No reset is followed by this many others.
        private const int MostResets = 4;

        private readonly SlotMap _map;
        private readonly List<(bool Erase, int Offset)> _modelOperations = [];
        private readonly List<(bool Erase, int Offset)> _nativeOperations = [];
        private readonly StateWrites _writes = new();
        private readonly NorFlash _modelFlash;
        private readonly NorFlash _nativeFlash;
        private FlashRecordStore? _journal;
        private SlotCore? _model;
        private CoreSlots? _native;

        public Duel(FlashLayout layout)
        {
            _map = new SlotMap(layout);
            _modelFlash = DeviceFactory.Make(layout, SampleImages.Deployment(new AssemblyVersion(1, 0), 12000), SampleImages.Esp32("1.16.0.0", 8192));
            _nativeFlash = _modelFlash.Copy();
            _modelFlash.Watch = (erase, offset) => _modelOperations.Add((erase, offset));
            _nativeFlash.Watch = (erase, offset) => _nativeOperations.Add((erase, offset));
        }

        public SlotCore Model => _model!;

        public CoreSlots Native => _native!;

        public FlashRecordStore Journal => _journal!;

        public bool IsOff => _modelFlash.IsOff;

        /// <summary>Whether the bootloader finds no firmware any more.</summary>
        public bool IsDead { get; private set; }

        public int Operations { get; private set; }

        public int Cuts { get; private set; }

        /// <summary>The power will be cut at the operation that follows so many others.</summary>
        public void CutAfter(int operations, Tear tear)
        {
            Both(flash =>
            {
                flash.CutAt = flash.Operations + operations + 1;
                flash.Tear = tear;
            });
        }

        /// <summary>Something happens to the chip itself.</summary>
        public void Both(Action<NorFlash> change)
        {
            change(_modelFlash);
            change(_nativeFlash);
        }

        /// <summary>Bits that read as they please do so in the same way for both.</summary>
        public void PowerOn(int noiseSeed)
        {
            Both(flash =>
            {
                flash.PowerOn();
                flash.NoiseSeed = noiseSeed;
            });
        }

        /// <summary>Boots both, and again where the hook says so.</summary>
        public void Boot(ResetCause cause)
        {
            bool runs = false;
            for (int resets = 0; !runs && !IsOff; resets++)
            {
                Assert.True(resets <= MostResets, "The device resets for ever.");
                int running = Ask("bootloader", () => Choose(_modelFlash), () => Choose(_nativeFlash));
                IsDead = running < 0;
                if (IsOff || IsDead)
                {
                    return;
                }

                _native?.Dispose();
                _model = new SlotCore(_modelFlash, _map, OtaDataOf(_modelFlash), running, _writes);
                _native = new CoreSlots(_nativeFlash, _map, running);
                _journal = new FlashRecordStore(_modelFlash, _map, _writes);
                Assert.Equal(_journal.Count, _native.JournalCapacity);
                runs = Ask("hook", () => Model.Hook(cause), () => Native.Hook(cause));
            }
        }

        /// <summary>Asks both, and compares everything; the answer when the power stayed on.</summary>
        public T? Ask<T>(string what, Func<T> ofModel, Func<T> ofNative)
        {
            _modelOperations.Clear();
            _nativeOperations.Clear();
            T? expected = Try(ofModel, _modelFlash);
            T? actual = Try(ofNative, _nativeFlash);
            Assert.True(_modelFlash.Misuse == null, $"{what}, the model: {_modelFlash.Misuse?.Message}");
            Assert.True(_nativeFlash.Misuse == null, $"{what}, the core: {_nativeFlash.Misuse?.Message}");
            Assert.True(_modelOperations.SequenceEqual(_nativeOperations), $"{what}: {Show(_modelOperations)} by the model, {Show(_nativeOperations)} by the core.");
            Assert.True(_modelFlash.IsOff == _nativeFlash.IsOff, $"{what}: the power was cut for one of them.");
            CompareFlash(what);
            Operations += _modelOperations.Count;
            if (IsOff)
            {
                Cuts++;
                return default;
            }

            Assert.True(EqualityComparer<T>.Default.Equals(expected, actual), $"{what}: {expected} from the model, {actual} from the core.");
            if (_model != null && what != "bootloader")
            {
                Assert.True(Native.Record.AsSpan().SequenceEqual(Model.Record.ToBytes()), $"{what}: the records differ.");
                Assert.Equal((Model.ActiveDeploy, Model.WatchdogSeconds), (Native.ActiveDeploy, Native.WatchdogSeconds));
            }

            return expected;
        }

        public void Dispose()
        {
            _native?.Dispose();
        }

        private static T? Try<T>(Func<T> operation, NorFlash flash)
        {
            try
            {
                T answer = operation();
                return flash.IsOff ? default : answer;
            }
            catch (PowerCutException)
            {
                return default;
            }
        }

        private static string Show(List<(bool Erase, int Offset)> operations)
        {
            return $"[{string.Join(", ", operations.Select(o => $"{(o.Erase ? "erase" : "program")} 0x{o.Offset:X}"))}]";
        }

        private int Choose(NorFlash flash)
        {
            return Bootloader.Choose(flash, _map.Firmware, OtaDataOf(flash));
        }

        private OtaData? OtaDataOf(NorFlash flash)
        {
            return _map.OtaData is { } at ? new OtaData(flash, (int)at.Offset, _map.Firmware.Count, _writes) : null;
        }

        // What was touched, through copies: neither is off, and what reads unstably does so alike in both.
        private void CompareFlash(string what)
        {
            NorFlash model = _modelFlash.Copy();
            NorFlash native = _nativeFlash.Copy();
            foreach ((bool erase, int offset) in _modelOperations)
            {
                int at = offset / NorFlash.BlockLength * NorFlash.BlockLength;
                int count = erase ? model.Sectors.LengthAt(at) : NorFlash.BlockLength;
                Assert.True(model.Read(at, count).AsSpan().SequenceEqual(native.Read(at, count)), $"{what}: the {count} bytes at 0x{at:X} differ.");
            }
        }
    }
}

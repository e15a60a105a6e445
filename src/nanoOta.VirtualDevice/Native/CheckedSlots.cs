extern alias StandIns;

using nanoOta.VirtualDevice.Boot;
using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Slots;
using StandIns::nanoOta.StandIns;

namespace nanoOta.VirtualDevice.Native
{
    /// <summary>
    /// The C core on a device's flash, and the C# model beside it on a copy. After each call both must have answered alike, have erased
    /// and programmed the same in the same order, and have left the same bytes, also where the power is cut. What others write to the
    /// flash in between, the copy takes over.
    /// </summary>
    internal sealed class CheckedSlots : ISlotCore, IRecordStore
    {
        private readonly List<(bool Erase, int Offset)> _coreOperations = [];
        private readonly List<(bool Erase, int Offset)> _modelOperations = [];
        private readonly NorFlash _flash;
        private readonly NorFlash _copy;
        private readonly SlotMap _map;
        private long _seen;
        private bool _isNew = true;
        private CoreSlots _core = null!;
        private SlotCore _model = null!;

        /// <summary>Takes over from the bootloader, which has chosen a firmware.</summary>
        public CheckedSlots(NorFlash flash, SlotMap map, int running, StateWrites writes)
        {
            _flash = flash;
            _map = map;
            Running = running;
            _seen = flash.Changes;
            _copy = flash.Copy();
            _copy.Trace = _modelOperations;
            Ask("start", () => (_core = new CoreSlots(flash, map, running)).JournalCapacity, () =>
            {
                _model = new SlotCore(_copy, map, CoreKinds.OtaDataOf(_copy, map, writes), running, writes);
                return _model.Journal.Count;
            });
        }

        public int Running { get; }

        public int ActiveDeploy => _core.ActiveDeploy;

        public bool IsOnTrial => _core.IsOnTrial;

        public int WatchdogSeconds => _core.WatchdogSeconds;

        public SlotRecord Record => SlotRecord.Read(_core.Record)!;

        public IRecordStore Journal => this;

        public string? Disagreement { get; private set; }

        public string ActiveSlot => _map.Firmware.Count > 1
            ? $"{_map.Firmware[Running].Label}/{_map.Deploy[ActiveDeploy].Label}" : _map.Deploy[ActiveDeploy].Label;

        public bool HasFallback => Ask("HasFallback", () => _core.HasFallback, () => _model.HasFallback);

        public int Count => _core.JournalCapacity;

        public bool Hook(ResetCause cause)
        {
            return Ask($"Hook after {cause}", () => _core.Hook(cause), () => _model.Hook(cause));
        }

        public void GetStatus(string applicationVersion, ModuleStatus status)
        {
            SlotRecordReader.Read(_core.Record, Running, IsOnTrial, applicationVersion, status);
            status.Slot = ActiveSlot;
            status.HasFallback = HasFallback;
        }

        public int Capacity(FirmwareParts part)
        {
            return Ask("Capacity", () => _core.Capacity(part), () => _model.Capacity(part));
        }

        public ResultCode Open(FirmwareParts part, int offset)
        {
            return Ask($"Open of {part} at {offset}", () => _core.Open(part, offset), () => _model.Open(part, offset));
        }

        public ResultCode Write(byte[] buffer, int count)
        {
            return Ask("Write", () => _core.Write(buffer, count), () => _model.Write(buffer, count));
        }

        public ResultCode EraseTail()
        {
            return Ask("EraseTail", _core.EraseTail, _model.EraseTail);
        }

        public ResultCode Read(FirmwareParts part, bool idle, int offset, byte[] buffer, int count)
        {
            var expected = new byte[Math.Max(count, 0)];
            ResultCode code = Ask($"Read of {part} at {offset}", () => _core.Read(part, idle, offset, buffer, count), () => _model.Read(part, idle, offset, expected, count));
            Require(code != ResultCode.None || buffer.AsSpan(0, count).SequenceEqual(expected), "Read", "other bytes");
            return code;
        }

        public ResultCode Hash(FirmwareParts part, bool idle, int offset, int count, byte[] state, int at)
        {
            byte[] expected = (byte[])state.Clone();
            ResultCode code = Ask($"Hash of {part} at {offset}", () => _core.Hash(part, idle, offset, count, state, at), () => _model.Hash(part, idle, offset, count, expected, at));
            Require(state.AsSpan().SequenceEqual(expected), "Hash", "another state");
            return code;
        }

        public ResultCode Activate(FirmwareParts parts, byte[] digest, string version, string applicationVersion, int trialSeconds)
        {
            return Ask($"Activate of {parts}", () => _core.Activate(parts, digest, version, applicationVersion, trialSeconds),
                () => _model.Activate(parts, digest, version, applicationVersion, trialSeconds));
        }

        public ResultCode Confirm()
        {
            return Ask("Confirm", _core.Confirm, _model.Confirm);
        }

        public ResultCode Revert(ResultCode reason)
        {
            return Ask($"Revert for {reason}", () => _core.Revert(reason), () => _model.Revert(reason));
        }

        bool IRecordStore.Read(int place, byte[] record)
        {
            var expected = new byte[record.Length];
            bool read = Ask("journal read", () => _core.ReadJournal(place, record), () => _model.Journal.Read(place, expected));
            Require(!read || record.AsSpan().SequenceEqual(expected), "journal read", "other bytes");
            return read;
        }

        bool IRecordStore.Write(int place, byte[] record)
        {
            return Ask("journal write", () => _core.WriteJournal(place, record), () => _model.Journal.Write(place, record));
        }

        // The core's answer. As the model does, a call in which the power goes does not return.
        private T Ask<T>(string what, Func<T> ofCore, Func<T> ofModel)
        {
            if (_flash.IsOff)
            {
                throw new PowerCutException();
            }

            if (_seen != _flash.Changes)
            {
                _copy.Become(_flash);
            }

            _coreOperations.Clear();
            _modelOperations.Clear();
            _copy.Noise = _flash.Noise;
            _flash.Trace = _coreOperations;
            T answer = ofCore();
            _flash.Trace = null;
            _seen = _flash.Changes;
            Compare(what, answer, TryModel(ofModel, out T? expected), expected);
            return !_flash.IsOff ? answer : throw new PowerCutException();
        }

        // Its power goes at the same operation, and leaves it in the same way.
        private string? TryModel<T>(Func<T> ofModel, out T? expected)
        {
            expected = default;
            if (_flash.IsOff)
            {
                _copy.CutAt = _copy.Operations + _coreOperations.Count;
                _copy.Tear = _flash.Tear;
            }

            try
            {
                expected = ofModel();
                return null;
            }
            catch (PowerCutException)
            {
                return null;
            }
            catch (FlashException misuse)
            {
                return misuse.Message;
            }
        }

        private void Compare<T>(string what, T answer, string? misuse, T? expected)
        {
            Require(misuse == null, what, $"the model: {misuse}");
            Require(_coreOperations.SequenceEqual(_modelOperations), what, $"{Show(_modelOperations)} by the model, {Show(_coreOperations)} by the core");
            Require(_flash.IsOff == _copy.IsOff, what, "the power was cut for one of them");
            foreach ((bool erase, int offset) in _coreOperations)
            {
                int first = offset / NorFlash.BlockLength;
                int blocks = erase ? _flash.Sectors.LengthAt(offset) / NorFlash.BlockLength : 1;
                for (int block = first; block < first + blocks; block++)
                {
                    Require(_flash.IsSame(_copy, block), what, $"the bytes at 0x{block * NorFlash.BlockLength:X} differ");
                }
            }

            if (_flash.IsOff || Disagreement != null)
            {
                return;
            }

            Require(EqualityComparer<T>.Default.Equals(answer, expected), what, $"{expected} from the model, {answer} from the core");
            if (_coreOperations.Count > 0 || _isNew)
            {
                _isNew = false;
                Require(_core.Record.AsSpan().SequenceEqual(_model.Record.ToBytes()), what, "the records differ");
                Require((_core.ActiveDeploy, _core.IsOnTrial, _core.WatchdogSeconds) == (_model.ActiveDeploy, _model.IsOnTrial, _model.WatchdogSeconds), what, "they choose differently");
            }
        }

        private void Require(bool condition, string what, string otherwise)
        {
            Disagreement ??= condition ? null : $"{what}: {otherwise}";
        }

        private static string Show(List<(bool Erase, int Offset)> operations)
        {
            return $"[{string.Join(", ", operations.Select(o => $"{(o.Erase ? "erase" : "program")} 0x{o.Offset:X}"))}]";
        }
    }
}

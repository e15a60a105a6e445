using nanoOta.VirtualDevice.Boot;
using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;
using nanoOta.VirtualDevice.Slots;

namespace nanoOta.Native.Tests
{
    /// <summary>What befalls a device: calls in any order, sensible or not, resets, cuts, and chips that fail.</summary>
    internal sealed class RandomLife(Duel duel, SlotMap map, int seed, Dictionary<string, int> seen)
    {
        // A buffer longer than a sector, to ask for too much.
        private const int BufferSize = NorFlash.BlockLength + 8;

        // The last one leaves more behind than the others overwrite, or one call erases.
        private static readonly byte[][] _deployments = [.. new[] { 1, 2, 90 }.Select(i => SampleImages.Deployment(new AssemblyVersion(1, (ushort)i), 4096 * i + 40, (ulong)i))];
        private static readonly byte[][] _firmwares = [.. Enumerable.Range(1, 3).Select(i => SampleImages.Esp32($"1.17.{i}.0", 4096 * i + 512, (ulong)i))];

        private readonly Random _random = new(seed);
        private byte[] _image = _deployments[0];
        private int _written;

        /// <summary>So many steps of anything, as long as a firmware starts.</summary>
        public void Run(int steps, bool chipFails)
        {
            duel.Boot(ResetCause.PowerOn);
            for (int i = 0; i < steps && !duel.IsDead; i++)
            {
                if (_random.Next(8) == 0)
                {
                    duel.CutAfter(_random.Next(6), new Tear((TearKind)_random.Next(5), _random.Next()));
                }

                if (chipFails && _random.Next(100) == 0)
                {
                    WearOut();
                }
                else if (chipFails && _random.Next(50) == 0)
                {
                    int at = (int)map.Firmware[_random.Next(map.Firmware.Count)].Offset + 200;
                    duel.Both(flash => flash.Decay(at, 4));
                }

                Step();
                while (duel.IsOff)
                {
                    duel.PowerOn(_random.Next());
                    duel.Boot(ResetCause.PowerOn);
                }
            }
        }

        /// <summary>So many steps without cuts.</summary>
        public void Follow(int steps)
        {
            for (int i = 0; i < steps; i++)
            {
                Step();
            }
        }

        /// <summary>Installs a firmware and a deployment, boots into them and confirms them; false when the power was cut.</summary>
        public bool UpdateAll()
        {
            bool done = Do(
                () => Open(FirmwareParts.Clr, 0), WriteRest, EraseTail,
                () => Open(FirmwareParts.Deployment, 0), WriteRest, EraseTail,
                () => Activate(FirmwareParts.Clr | FirmwareParts.Deployment),
                () => duel.Boot(ResetCause.Software),
                Confirm,
                () => duel.Boot(ResetCause.PowerOn));
            if (!done)
            {
                return false;
            }

            Assert.Equal((1, 1, false), (duel.Model.Running, duel.Model.ActiveDeploy, duel.Model.IsOnTrial));
            return true;
        }

        // One after the other; false when the power was cut.
        private bool Do(params Action[] steps)
        {
            foreach (Action step in steps)
            {
                step();
                if (duel.IsOff || duel.IsDead)
                {
                    return false;
                }
            }

            return true;
        }

        private void Step()
        {
            switch (_random.Next(26))
            {
                case 24:
                    ActivateForNoTime();
                    break;
                case 22 or 23:
                    GoOn();
                    break;
                case 20 or 21:
                    Update((FirmwareParts)_random.Next(1, 4));
                    break;
                case 0 or 1:
                    Open(FirmwareParts.Deployment, _random.Next(4) == 0 ? _random.Next(-1, 300) * 2048 : 0);
                    break;
                case 2:
                    Open(FirmwareParts.Clr, _random.Next(4) == 0 ? _random.Next(3) * NorFlash.BlockLength : 0);
                    break;
                case 3:
                    _ = Write(_random.Next(4) switch { 0 => 0, 1 => NorFlash.BlockLength + 1, _ => _random.Next(1, NorFlash.BlockLength + 1) });
                    break;
                case 4 or 5:
                    WriteRest();
                    break;
                case 6 or 7:
                    EraseTail();
                    break;
                case 8 or 9 or 10:
                    Activate((FirmwareParts)_random.Next(4));
                    break;
                case 11 or 12:
                    Confirm();
                    break;
                case 13:
                    Note("Revert", duel.Ask("Revert", () => duel.Model.Revert(ResultCode.SelfTestFailed), () => duel.Native.Revert(ResultCode.SelfTestFailed)));
                    break;
                case 14 or 15 or 16:
                    Reboot();
                    break;
                case 17 or 25:
                    Journal();
                    break;
                case 18:
                    Read();
                    break;
                default:
                    State();
                    break;
            }
        }

        // As an agent does it, up to the first boot of the trial.
        private void Update(FirmwareParts parts)
        {
            foreach (FirmwareParts part in new[] { FirmwareParts.Clr, FirmwareParts.Deployment })
            {
                if ((parts & part) != 0 && !Do(() => Open(part, 0), WriteRest, EraseTail))
                {
                    return;
                }
            }

            Do(() => Activate(parts), Reboot);
        }

        private void Open(FirmwareParts part, int offset)
        {
            byte[][] images = part == FirmwareParts.Clr ? _firmwares : _deployments;
            _image = images[_random.Next(images.Length)];
            _written = 0;
            Note("Open", duel.Ask($"Open {part} at {offset}", () => duel.Model.Open(part, offset), () => duel.Native.Open(part, offset)));
        }

        // As an agent does it that has lost a connection, or its power: from a checkpoint, perhaps before what is written.
        private void GoOn()
        {
            FirmwareParts part = _firmwares.Contains(_image) ? FirmwareParts.Clr : FirmwareParts.Deployment;
            _written = _random.Next(_written / NorFlash.BlockLength + 1) * NorFlash.BlockLength;
            if (duel.Ask($"Open {part} at {_written}", () => duel.Model.Open(part, _written), () => duel.Native.Open(part, _written)) == ResultCode.None)
            {
                WriteRest();
                Note(_written == _image.Length ? "gone on" : "stopped", null);
            }
        }

        private ResultCode Write(int count)
        {
            var buffer = new byte[BufferSize];
            int take = Math.Min(Math.Min(count, _image.Length - _written), NorFlash.BlockLength);
            _image.AsSpan(_written, take).CopyTo(buffer);
            _written += take;
            ResultCode code = duel.Ask($"Write {count}", () => duel.Model.Write(buffer, count), () => duel.Native.Write(buffer, count));
            Note("Write", code);
            return code;
        }

        private void WriteRest()
        {
            while (_written < _image.Length && !duel.IsOff && Write(Math.Min(NorFlash.BlockLength, _image.Length - _written)) == ResultCode.None)
            {
            }
        }

        private void EraseTail()
        {
            ResultCode code;
            do
            {
                code = duel.Ask("EraseTail", duel.Model.EraseTail, duel.Native.EraseTail);
                Note("EraseTail", code);
            }
            while (code == ResultCode.Pending && !duel.IsOff);
        }

        // For a time that the record cannot hold nothing is activated.
        private void ActivateForNoTime()
        {
            int seconds = _random.Next(4) switch { 0 => 0, 1 => -1, 2 => ushort.MaxValue + 1, _ => int.MaxValue };
            byte[] digest = new byte[32];
            Note($"Activate for {seconds}", duel.Ask("Activate", () => duel.Model.Activate(FirmwareParts.Deployment, digest, "7", "5", seconds), () => duel.Native.Activate(FirmwareParts.Deployment, digest, "7", "5", seconds)));
        }

        private void Activate(FirmwareParts parts)
        {
            byte[] digest = new byte[32];
            _random.NextBytes(digest);
            string version = new('7', _random.Next(70));
            string application = new('5', _random.Next(30));
            int seconds = _random.Next(1, 65536);
            Note("Activate", duel.Ask($"Activate {parts}", () => duel.Model.Activate(parts, digest, version, application, seconds), () => duel.Native.Activate(parts, digest, version, application, seconds)));
        }

        private void Confirm()
        {
            Note("Confirm", duel.Ask("Confirm", duel.Model.Confirm, duel.Native.Confirm));
        }

        private void Reboot()
        {
            var cause = (ResetCause)_random.Next(4);
            if (cause == ResetCause.PowerOn)
            {
                duel.PowerOn(_random.Next());
            }

            duel.Boot(cause);
            if (!duel.IsOff && !duel.IsDead)
            {
                Note(duel.Model.IsOnTrial ? $"trial of {duel.Model.Record.TrialParts}" : duel.Model.Record.Verdict != ResultCode.None ? "ended" : "quiet", null);
            }
        }

        private void Journal()
        {
            byte[] record = new byte[512];
            byte[] other = new byte[512];
            _random.NextBytes(record);
            int place = _random.Next(duel.Journal.Count);
            Note("journal", duel.Ask($"journal place {place}", () => duel.Journal.Write(place, record), () => duel.Native.WriteJournal(place, record)));
            if (!duel.IsOff)
            {
                place = _random.Next(duel.Journal.Count);
                duel.Ask("journal read", () => duel.Journal.Read(place, record), () => duel.Native.ReadJournal(place, other));
                Assert.Equal(record, other);
            }
        }

        private void Read()
        {
            var part = (FirmwareParts)_random.Next(1, 3);
            bool idle = _random.Next(2) == 0;
            int count = _random.Next(5000);
            int size = duel.Ask("Capacity", () => duel.Model.Capacity(part), () => duel.Native.Capacity(part));
            int offset = _random.Next(2) == 0 ? _random.Next(20000) : size - count + _random.Next(-2, 3);
            byte[] expected = new byte[count];
            byte[] actual = new byte[count];
            ResultCode code = duel.Ask($"Read {part} {offset}+{count}", () => duel.Model.Read(part, idle, offset, expected, count), () => duel.Native.Read(part, idle, offset, actual, count));
            Assert.Equal(expected, actual);
            Note("Read", code);

            count = _random.Next(10) == 0 ? 16385 : count * 3;
            byte[] state = new byte[HostHasher.StateLength + 1];
            byte[] nativeState = new byte[state.Length];
            for (int pieces = _random.Next(3); pieces >= 0 && !duel.IsOff; pieces--)
            {
                Note("Hash", duel.Ask("Hash", () => duel.Model.Hash(part, idle, offset, count, state, 1), () => duel.Native.Hash(part, idle, offset, count, nativeState, 1)));
                Assert.Equal(state, nativeState);
            }
        }

        private void State()
        {
            duel.Ask("State", ModelState, () => duel.Native.State);
        }

        // As CoreSlots has them.
        private uint ModelState()
        {
            SlotCore model = duel.Model;
            return (uint)model.Running | (model.ActiveDeploy == 1 ? 2u : 0) | (model.IsOnTrial ? 4u : 0) | (model.HasFallback ? 8u : 0) | (map.Firmware.Count == 2 ? 16u : 0);
        }

        private void WearOut()
        {
            Partition[] places = [map.Record, map.Journal, map.OtaData ?? map.Record, map.Firmware[^1]];
            Partition place = places[_random.Next(places.Length)];
            int index = _random.Next(2);
            duel.Both(flash =>
            {
                int[] sectors = [.. flash.Sectors.In(place.Offset, (uint)place.End)];
                flash.Worn.Add(sectors[index % sectors.Length] / NorFlash.BlockLength);
            });
        }

        private void Note(string what, object? answer)
        {
            string key = answer == null ? what : $"{what} {answer}";
            if (!duel.IsOff)
            {
                seen[key] = seen.GetValueOrDefault(key) + 1;
            }
        }
    }
}

extern alias StandIns;

using System.Buffers.Binary;
using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;
using nanoOta.VirtualDevice.Mcu;
using StandIns::nanoOta.StandIns;
using StandIns::System.IO.Ports;

namespace nanoOta.VirtualDevice.Fuzzing
{
    /// <summary>What comes from an external MCU: bytes on the UART, and CBOR in answers whose frame is right; and what lies in a flash chip.</summary>
    internal static class McuTargets
    {
        private const string Port = "COM2";
        private const int Size = 1000;
        private const int StepMilliseconds = 50;
        private const int MostSteps = 30_000;

        private static readonly byte[] _rc = SmpConsole.Map(map =>
        {
            map.WriteTextString("rc");
            map.WriteInt32(0);
            map.WriteTextString("off");
            map.WriteInt32(256);
        });

        private static readonly byte[] _list = SmpConsole.Map(map =>
        {
            map.WriteTextString("images");
            map.WriteStartArray(null);
            map.WriteStartMap(null);
            map.WriteTextString("slot");
            map.WriteInt32(0);
            map.WriteTextString("version");
            map.WriteTextString("1.1.0");
            map.WriteTextString("hash");
            map.WriteByteString(new byte[32]);
            map.WriteTextString("active");
            map.WriteBoolean(true);
            map.WriteEndMap();
            map.WriteEndArray();
        });

        public static IReadOnlyList<FuzzTarget> All { get; } =
        [
            new("smp-frames", 40, [Line(_rc), Line(_list), [.. Line(_rc), .. Line(_list)], [.. "<inf> log\n"u8, .. Line(_rc)]], input =>
            {
                var frames = new SmpFrames();
                frames.Forget();
                foreach (byte b in input)
                {
                    Require(!frames.Take(b) || frames.ReceivedLength is >= 0 and <= SmpFrames.MaxPacket, "a packet longer than its buffer");
                }
            }),
            new("cbor", 60, [_rc, _list], input =>
            {
                var reader = new CborReader();
                reader.Begin(input, 0, input.Length);
                for (int items = 0; !reader.HasFailed; items++)
                {
                    reader.Skip();
                    Require(items <= input.Length, "more items than bytes");
                }
            }),
            new("mcu-answer", 20, [_rc, _list], Answer),
            new("component-record", 10, [Record(0), Record(1)], TakeRecord),
        ];

        // Every answer of the MCU is the input, in a frame that is right.
        private static void Answer(byte[] input)
        {
            var clock = new VirtualClock(DateTime.UnixEpoch) { FollowsHost = false };
            DeviceClock.Current = clock;
            var mcu = new McubootMcu(null, NorFlash.BlockLength) { Forge = _ => input };
            var wiring = new DeviceWiring();
            wiring.Connect(Port, mcu);
            DeviceWiring.Current = wiring;
            var protocol = new McubootSerial(new SerialPort(Port), mcu);
            var chunk = new byte[protocol.ChunkLength];
            foreach (Func<ResultCode> step in new Func<ResultCode>[]
            {
                () => protocol.Begin(Size, new byte[Sha256.DigestLength]), () => protocol.Write(chunk, chunk.Length), () => protocol.Check("1.1.0"), () => protocol.Echo("x"),
            })
            {
                ResultCode code = ResultCode.Pending;
                for (int steps = 0; code == ResultCode.Pending; steps++)
                {
                    Require(steps < MostSteps, "never ends");
                    code = step();
                    clock.Skip(StepMilliseconds);
                }

                Require(code is ResultCode.None or ResultCode.McuRefused or ResultCode.McuSilent or ResultCode.McuVersionMismatch, $"{code}");
            }

            Require(protocol.Position is >= 0 and <= Size, $"position {protocol.Position}");
        }

        // A record on a block device, its checksum repaired every other time: obeyed, and still nothing may throw.
        private static void TakeRecord(byte[] input)
        {
            var store = new MemoryStore(input);
            var module = new Component(store);
            var status = new ModuleStatus();
            module.GetStatus(status);
            string text = module.Describe();
            using var json = System.Text.Json.JsonDocument.Parse($"{{{text}}}");
            Require(module.InUse is 0 or 1, $"place {module.InUse}");
            module.Reboot();
            module.Confirm();
            module.Revert(ResultCode.Cancelled);
            Require(module.Prepare(new ManifestComponent { Id = "c", Size = 1 }, 0) == ResultCode.None, "cannot be updated any more");
        }

        private static byte[] Record(int activations)
        {
            var store = new MemoryStore([]);
            var module = new Component(store);
            var component = new ManifestComponent { Id = "c", Version = SemanticVersion.Parse("1.1.0"), Size = 100, Sha256 = new byte[Sha256.DigestLength] };
            var manifest = new UpdateManifest { Version = component.Version, Components = [component] };
            module.Adopt(50);
            for (int i = 0; i < activations; i++)
            {
                module.Activate(manifest, new byte[Sha256.DigestLength]);
                module.Reboot();
            }

            return store.Last;
        }

        private static byte[] Line(byte[] body)
        {
            var frames = new SmpFrames();
            byte[] packet = [1, 0, (byte)(body.Length >> 8), (byte)body.Length, 0, 1, 1, 0, .. body];
            packet.CopyTo(frames.Packet, 2);
            return frames.Lines[..frames.Encode(packet.Length)];
        }

        private static void Require(bool condition, string otherwise)
        {
            if (!condition)
            {
                throw new FuzzException(otherwise);
            }
        }

        private sealed class Component(IRecordStore store) : PairModule("c", store, "1.0.0")
        {
            protected override int Capacity => NorFlash.BlockLength;

            protected override ResultCode Open(int place, int offset, int size) => ResultCode.None;

            protected override ResultCode Put(int place, int offset, byte[] buffer, int count) => ResultCode.None;

            protected override ResultCode Get(int place, int offset, byte[] buffer, int count) => ResultCode.None;
        }

        // One copy is the input, with the right checksum when its first byte is even.
        private sealed class MemoryStore : IRecordStore
        {
            private readonly byte[][] _copies = [new byte[PairModule.RecordLength], new byte[PairModule.RecordLength]];

            public MemoryStore(byte[] input)
            {
                input.AsSpan(0, Math.Min(input.Length, PairModule.RecordLength)).CopyTo(_copies[0]);
                if (input.Length > 0 && input[^1] % 2 == 0)
                {
                    BinaryPrimitives.WriteUInt32LittleEndian(_copies[0].AsSpan(PairModule.RecordLength - 4), Crc32.Ieee(_copies[0].AsSpan(0, PairModule.RecordLength - 4)));
                }
            }

            public byte[] Last { get; private set; } = new byte[PairModule.RecordLength];

            public int Count => 2;

            public bool Read(int index, byte[] record)
            {
                _copies[index].CopyTo(record, 0);
                return true;
            }

            public bool Write(int index, byte[] record)
            {
                _copies[index] = Last = [.. record];
                return true;
            }
        }
    }
}

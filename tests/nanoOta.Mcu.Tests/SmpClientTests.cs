extern alias StandIns;

using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Mcu;
using StandIns::nanoOta.StandIns;
using StandIns::System.IO.Ports;

namespace nanoOta.Mcu.Tests
{
    /// <summary>Which answers count.</summary>
    public class SmpClientTests
    {
        [Theory]
        [InlineData(0, 0, false)]
        [InlineData(6, 1, true)]
        [InlineData(6, 255, true)]
        [InlineData(7, 1, true)]
        [InlineData(5, 1, true)]
        [InlineData(0, 2, true)]
        [InlineData(0, 255, true)]
        [InlineData(2, 1, true)]
        [InlineData(3, 1, true)]
        public void An_answer_with_another_operation_length_group_sequence_or_command_is_passed_over(int at, int added, bool isPassedOver)
        {
            var clock = new VirtualClock(DateTime.UnixEpoch) { FollowsHost = false };
            DeviceClock.Current = clock;
            var peer = new Peer(packet =>
            {
                byte[] stale = [.. packet];
                stale[at] += (byte)added;
                stale[^1] = 99;
                return [stale, packet];
            });
            var wiring = new DeviceWiring();
            wiring.Connect("COM2", peer);
            DeviceWiring.Current = wiring;
            var client = new SmpClient(new SerialPort("COM2"));
            int end = client.Begin(SmpClient.Read, SmpClient.ImageGroup, 0);
            client.Send(Cbor.Head(client.Body, end, Cbor.Map, 0), 1000);

            ResultCode code = ResultCode.Pending;
            while (code == ResultCode.Pending)
            {
                code = client.Step();
                clock.Skip(1);
            }

            // The good answer's body is the number 5, the other one's 99 or nothing that could be read.
            Assert.Equal(ResultCode.None, code);
            Assert.Equal(isPassedOver, client.Response.ReadNumber() == 5);
        }

        [Fact]
        public void A_second_answer_to_the_request_before_is_passed_over_though_the_same_is_asked_again()
        {
            var clock = new VirtualClock(DateTime.UnixEpoch) { FollowsHost = false };
            DeviceClock.Current = clock;
            byte[]? before = null;
            var peer = new Peer(packet =>
            {
                byte[][] answers = before == null ? [packet] : [before, packet];
                before = [.. packet[..^1], 99];
                return answers;
            });
            var wiring = new DeviceWiring();
            wiring.Connect("COM2", peer);
            DeviceWiring.Current = wiring;
            var client = new SmpClient(new SerialPort("COM2"));
            for (int request = 0; request < 300; request++)
            {
                int end = client.Begin(SmpClient.Read, SmpClient.ImageGroup, 0);
                client.Send(Cbor.Head(client.Body, end, Cbor.Map, 0), 1000);
                while (client.Step() == ResultCode.Pending)
                {
                    clock.Skip(1);
                }

                Assert.Equal(5, client.Response.ReadNumber());
            }
        }

        [Fact]
        public void A_line_that_never_falls_silent_holds_up_no_step_for_long_and_the_MCU_counts_as_silent_in_time()
        {
            var clock = new VirtualClock(DateTime.UnixEpoch) { FollowsHost = false };
            DeviceClock.Current = clock;
            var peer = new Chatter();
            var wiring = new DeviceWiring();
            wiring.Connect("COM2", peer);
            DeviceWiring.Current = wiring;
            var client = new SmpClient(new SerialPort("COM2"));
            int end = client.Begin(SmpClient.Read, SmpClient.ImageGroup, 0);
            client.Send(Cbor.Head(client.Body, end, Cbor.Map, 0), 1000);
            ResultCode code = ResultCode.Pending;
            for (int steps = 0; code == ResultCode.Pending; steps++)
            {
                Assert.InRange(steps, 0, 8);
                int before = peer.Asked;
                code = client.Step();

                // Each read asks twice: how much is there, and for that.
                Assert.InRange(peer.Asked - before, 1, 32);
                clock.Skip(1000);
            }

            Assert.Equal(ResultCode.McuSilent, code);
        }

        // Sends whenever it is asked.
        private sealed class Chatter : ISerialPeer
        {
            public int Asked { get; private set; }

            public void Receive(ReadOnlySpan<byte> bytes)
            {
            }

            public byte[] TakeSent()
            {
                return ++Asked > 10_000 ? throw new InvalidOperationException("It is read for ever.") : [.. "<inf> log\n"u8];
            }
        }

        // Answers each request with an empty header and the body 0x05; a test says what it makes of that before it sends it.
        private sealed class Peer(Func<byte[], byte[][]> answers) : ISerialPeer
        {
            private readonly SmpFrames _in = new();
            private readonly List<byte> _sent = [];
            private bool _isOpen;

            public void Receive(ReadOnlySpan<byte> bytes)
            {
                if (!_isOpen)
                {
                    _in.Forget();
                    _isOpen = true;
                }

                foreach (byte b in bytes)
                {
                    if (!_in.Take(b))
                    {
                        continue;
                    }

                    byte[] request = _in.Received[2..(2 + _in.ReceivedLength)];
                    foreach (byte[] answer in answers([(byte)(request[0] + 1), 0, 0, 1, .. request[4..8], 5]))
                    {
                        var frames = new SmpFrames();
                        answer.CopyTo(frames.Packet, 2);
                        _sent.AddRange(frames.Lines[..frames.Encode(answer.Length)]);
                    }
                }
            }

            public byte[] TakeSent()
            {
                byte[] sent = [.. _sent];
                _sent.Clear();
                return sent;
            }
        }
    }
}

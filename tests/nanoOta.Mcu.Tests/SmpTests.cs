using System.Text;
using nanoOta.VirtualDevice.Mcu;

namespace nanoOta.Mcu.Tests
{
    /// <summary>Frames and CBOR of the MCU's protocol, against another implementation and against hostile bytes.</summary>
    public class SmpTests
    {
        [Fact]
        public void The_checksum_is_that_of_XMODEM()
        {
            // The check value of CRC-16/XMODEM.
            Assert.Equal(0x31C3, SmpFrames.Crc16(Encoding.ASCII.GetBytes("123456789"), 0, 9));
        }

        [Fact]
        public void An_empty_list_request_is_the_line_that_other_clients_send()
        {
            var frames = new SmpFrames();
            byte[] packet = [0, 0, 0, 1, 0, 1, 0, 0, 0xA0];
            packet.CopyTo(frames.Packet, 2);

            int length = frames.Encode(packet.Length);

            byte[] raw = [0, 11, .. packet, (byte)(SmpConsole.Crc(packet) >> 8), (byte)SmpConsole.Crc(packet)];
            Assert.Equal("\x06\x09" + Convert.ToBase64String(raw) + "\n", Encoding.Latin1.GetString(frames.Lines, 0, length));
        }

        [Fact]
        public void Packets_of_every_length_come_through_in_lines_of_at_most_127_bytes()
        {
            var sender = new SmpFrames();
            var receiver = new SmpFrames();
            for (int length = 8; length <= SmpFrames.MaxPacket; length++)
            {
                new Random(length).NextBytes(sender.Packet.AsSpan(2, length));
                byte[] packet = sender.Packet.AsSpan(2, length).ToArray();
                byte[] lines = sender.Lines[..sender.Encode(length)];
                receiver.Forget();

                bool[] whole = [.. lines.Select(receiver.Take)];

                Assert.Equal(lines.Length - 1, Array.IndexOf(whole, true));
                Assert.Equal(packet, receiver.Received[2..(2 + receiver.ReceivedLength)]);
                Assert.All(Encoding.Latin1.GetString(lines).Split('\n'), line => Assert.InRange(line.Length, 0, 126));
            }
        }

        [Fact]
        public void A_log_between_the_lines_is_passed_over()
        {
            byte[] lines = Lines(200, out byte[] packet);
            int second = Array.IndexOf(lines, (byte)'\n') + 1;
            var receiver = new SmpFrames();
            receiver.Forget();

            byte[] stream = [.. "[00:00:00.001] <inf> mcuboot: Starting\r\n"u8, .. lines[..second], .. "noise \x04 and \x06 more\n"u8, .. lines[second..]];
            bool whole = false;
            foreach (byte b in stream)
            {
                whole |= receiver.Take(b);
            }

            Assert.True(whole);
            Assert.Equal(packet, receiver.Received[2..(2 + receiver.ReceivedLength)]);
        }

        [Fact]
        public void Every_single_damaged_byte_is_noticed()
        {
            byte[] lines = Lines(150, out byte[] packet);
            for (int at = 0; at < lines.Length; at++)
            {
                for (int bit = 0; bit < 8; bit++)
                {
                    byte[] damaged = [.. lines];
                    damaged[at] ^= (byte)(1 << bit);
                    var receiver = new SmpFrames();
                    receiver.Forget();
                    foreach (byte b in damaged)
                    {
                        if (receiver.Take(b))
                        {
                            // Padding bits of Base64 say nothing.
                            Assert.Equal(packet, receiver.Received[2..(2 + receiver.ReceivedLength)]);
                        }
                    }
                }
            }
        }

        // The characters next to the ranges of Base64, and the digit that each would be if its range were one longer.
        [Theory]
        [InlineData('Z', '`')]
        [InlineData('a', '[')]
        [InlineData('0', '{')]
        [InlineData('+', ':')]
        public void A_character_that_is_no_digit_spoils_the_packet(char digit, char other)
        {
            byte[] lines = Lines(400, out _);
            Assert.Contains((byte)digit, lines);
            var receiver = new SmpFrames();
            receiver.Forget();

            Assert.All(lines, b => Assert.False(receiver.Take(b == digit ? (byte)other : b)));
        }

        [Fact]
        public void No_bytes_make_the_frames_reader_fail()
        {
            var random = new Random(11);
            byte[] alphabet = [.. "\x06\x09\x04\x14\n\r=ABCabc012+/"u8];
            var receiver = new SmpFrames();
            receiver.Forget();
            for (int i = 0; i < 400_000; i++)
            {
                receiver.Take(random.Next(8) == 0 ? (byte)random.Next(256) : alphabet[random.Next(alphabet.Length)]);
            }
        }

        [Fact]
        public void A_frame_longer_than_the_buffer_is_given_up()
        {
            var receiver = new SmpFrames();
            receiver.Forget();
            receiver.Take(6);
            receiver.Take(9);
            for (int i = 0; i < 5000; i++)
            {
                Assert.False(receiver.Take((byte)'A'));
            }

            Assert.False(receiver.Take((byte)'\n'));
        }

        [Theory]
        [InlineData("A0")]
        [InlineData("BFFF")]
        [InlineData("A1627263 00")]
        [InlineData("BF 62 7263 00 63 6F6666 19 0100 FF")]
        [InlineData("9F 01 20 3A00010000 44 01020304 F9 3C00 C1 1A 514B67B0 FF")]
        [InlineData("83 01 82 02 03 9F 04 05 FF")]
        public void Items_are_passed_over_to_their_end(string hex)
        {
            byte[] data = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
            var reader = new CborReader();
            reader.Begin([.. data, 0x18, 0x2A], 0, data.Length + 2);

            reader.Skip();

            Assert.Equal(42, reader.ReadNumber());
            Assert.False(reader.HasFailed);
        }

        [Theory]
        [InlineData("")]
        [InlineData("A1")]
        [InlineData("BF")]
        [InlineData("A1 62 72")]
        [InlineData("5A 7FFFFFFF 00")]
        [InlineData("5B FFFFFFFFFFFFFFFF")]
        [InlineData("1C")]
        [InlineData("FF")]
        [InlineData("BF 01 FF")]
        [InlineData("82 FF 01")]
        [InlineData("81 81 81 81 81 81 81 81 81 00")]
        public void What_is_cut_short_or_no_CBOR_fails(string hex)
        {
            byte[] data = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
            var reader = new CborReader();
            reader.Begin(data, 0, data.Length);

            reader.Skip();

            Assert.True(reader.HasFailed);
        }

        [Fact]
        public void The_reader_agrees_with_another_implementation_on_random_bytes()
        {
            var random = new Random(5);
            byte[] heads = [0xA0, 0xA1, 0xA2, 0xBF, 0x80, 0x81, 0x9F, 0xFF, 0x00, 0x17, 0x18, 0x19, 0x40, 0x42, 0x60, 0x61, 0xF4, 0xF5, 0xF6, 0xC1];
            int agreed = 0;
            for (int i = 0; i < 200_000; i++)
            {
                var data = new byte[random.Next(1, 12)];
                for (int at = 0; at < data.Length; at++)
                {
                    data[at] = random.Next(4) == 0 ? (byte)random.Next(256) : heads[random.Next(heads.Length)];
                }

                var reader = new CborReader();
                reader.Begin(data, 0, data.Length);
                reader.Skip();
                if (!reader.HasFailed)
                {
                    continue;
                }

                // Whatever this one refuses the other refuses, but for its limits: depth, numbers beyond 31 bits, strings in pieces.
                bool isRefused = !IsItem(data);
                agreed += isRefused ? 1 : 0;
                Assert.True(isRefused || HasLimit(data), Convert.ToHexString(data));
            }

            Assert.InRange(agreed, 10_000, 200_000);
        }

        [Fact]
        public void What_the_writer_writes_another_implementation_reads()
        {
            var to = new byte[400];
            foreach (int value in new[] { 0, 23, 24, 255, 256, 65535, 65536, int.MaxValue })
            {
                int end = Cbor.Head(to, 0, Cbor.Map, 3);
                end = Cbor.Text(to, end, "off");
                end = Cbor.Head(to, end, Cbor.Unsigned, value);
                end = Cbor.Text(to, end, "data");
                end = Cbor.Bytes(to, end, new byte[300], 300);
                end = Cbor.Text(to, end, "confirm");
                to[end++] = Cbor.True;

                Assert.Equal((long)value, SmpConsole.Read(to[..end], "off"));
                Assert.Equal(new byte[300], SmpConsole.Read(to[..end], "data"));
                Assert.Equal(true, SmpConsole.Read(to[..end], "confirm"));
            }
        }

        private static bool IsItem(byte[] data)
        {
            try
            {
                new System.Formats.Cbor.CborReader(data, System.Formats.Cbor.CborConformanceMode.Lax, allowMultipleRootLevelValues: true).SkipValue();
                return true;
            }
            catch (Exception e) when (e is System.Formats.Cbor.CborContentException or InvalidOperationException)
            {
                return false;
            }
        }

        private static bool HasLimit(byte[] data)
        {
            return data.Any(b => (b & 0x1F) is 0x1A or 0x1B or 0x1F) || data.Length > 8;
        }

        private static byte[] Lines(int length, out byte[] packet)
        {
            var frames = new SmpFrames();
            new Random(length).NextBytes(frames.Packet.AsSpan(2, length));
            packet = frames.Packet.AsSpan(2, length).ToArray();
            return frames.Lines[..frames.Encode(length)];
        }
    }
}

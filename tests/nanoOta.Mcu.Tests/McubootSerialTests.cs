extern alias StandIns;

using System.Security.Cryptography;
using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Mcu;
using StandIns::nanoOta.StandIns;
using StandIns::System.IO.Ports;

namespace nanoOta.Mcu.Tests
{
    /// <summary>The protocol as it ships, against an MCU whose bootloader does what MCUboot's does.</summary>
    public class McubootSerialTests
    {
        private const int SlotLength = 65536;

        private static readonly byte[] _old = McubootImages.Make("1.0.0", 5000);
        private static readonly byte[] _new = McubootImages.Make("1.2.3", 9000);

        private readonly VirtualClock _clock = new(new DateTime(2026, 11, 20, 0, 0, 0, DateTimeKind.Utc)) { FollowsHost = false };
        private readonly McubootMcu _mcu = new(_old, SlotLength);

        [Fact]
        public void An_image_is_programmed_and_checked()
        {
            McubootSerial protocol = Connect(_mcu);

            Assert.Equal(ResultCode.None, Update(protocol, _new, "1.2.3"));

            Assert.True(_mcu.Holds(0, _new));
            Assert.Equal("1.2.3", _mcu.Running);
        }

        [Fact]
        public void A_bootloader_that_erases_the_whole_slot_first_is_waited_for()
        {
            var mcu = new McubootMcu(_old, SlotLength) { ErasesProgressively = false };

            Assert.Equal(ResultCode.None, Update(Connect(mcu), _new, "1.2.3"));
            Assert.Equal("1.2.3", mcu.Running);
        }

        [Fact]
        public void A_request_fits_into_the_buffer_that_MCUboot_has_by_default()
        {
            int longest = 0;
            _mcu.Line = line =>
            {
                longest = Math.Max(longest, line.Length);
                return [line];
            };

            Assert.Equal(512, _mcu.MaxReceive);
            Assert.Equal(ResultCode.None, Update(Connect(_mcu), _new, "1.2.3"));
            Assert.InRange(longest, 1, 127);
        }

        // With direct uploads MCUboot numbers slots: 2 and 4 are the second ones of its first and of its second image.
        [Theory]
        [InlineData(false, 0, 0)]
        [InlineData(false, 1, 1)]
        [InlineData(true, 0, 2)]
        [InlineData(true, 1, 4)]
        public void The_first_part_names_the_image_or_with_a_trial_the_slot_that_it_is_for(bool usesTrial, int image, long number)
        {
            var mcu = new McubootMcu(_old, SlotLength) { HasDirectUpload = usesTrial, ApplicationSpeaks = usesTrial };
            var frames = new SmpFrames();
            frames.Forget();
            object? named = null;
            mcu.Line = line =>
            {
                bool isWhole = line.Count(frames.Take) > 0;
                named ??= isWhole ? SmpConsole.Read(frames.Received[10..(2 + frames.ReceivedLength)], "image") : null;
                return [line];
            };
            McubootSerial protocol = Connect(mcu);
            protocol.UsesTrial = usesTrial;
            protocol.Image = image;

            Program(protocol, _new);

            Assert.Equal(number, named);
        }

        [Theory]
        [InlineData("lost")]
        [InlineData("doubled")]
        [InlineData("damaged")]
        [InlineData("cut")]
        [InlineData("late")]
        [InlineData("noisy")]
        [InlineData("all")]
        public void Lines_that_are_lost_doubled_or_damaged_on_the_way_cost_time_and_nothing_else(string what)
        {
            for (int seed = 0; seed < 20; seed++)
            {
                var mcu = new McubootMcu(_old, SlotLength);
                mcu.Line = Faults(what, seed);

                Assert.Equal(ResultCode.None, Update(Connect(mcu), _new, "1.2.3"));
                Assert.True(mcu.Holds(0, _new), $"{what} {seed}");
            }
        }

        [Fact]
        public void An_MCU_that_resets_in_the_middle_is_given_the_image_again_from_the_start()
        {
            int uploads = 0;
            _mcu.Requested = (group, command) =>
            {
                if (group == 1 && command == 1 && ++uploads == 15)
                {
                    _mcu.Stumble();
                }
            };

            Assert.Equal(ResultCode.None, Update(Connect(_mcu), _new, "1.2.3"));
            Assert.True(_mcu.Holds(0, _new));
        }

        [Fact]
        public void An_MCU_that_is_silent_is_given_up_after_eight_tries()
        {
            int lines = 0;
            _mcu.Line = _ =>
            {
                lines++;
                return [];
            };
            McubootSerial protocol = Connect(_mcu);

            Assert.Equal(ResultCode.McuSilent, Drive(() => protocol.Begin(_new.Length, SHA256.HashData(_new))));
            Assert.Equal(8, lines);
            Assert.Equal("1.0.0", _mcu.Running);
        }

        [Fact]
        public void Another_image_than_the_one_begun_before_is_begun_anew()
        {
            McubootSerial protocol = Connect(_mcu);
            Assert.Equal(ResultCode.Pending, protocol.Begin(_old.Length, SHA256.HashData(_old)));
            int resets = _mcu.Resets;
            Assert.Equal(ResultCode.Pending, protocol.Begin(_old.Length, SHA256.HashData(_old)));
            Assert.Equal(resets, _mcu.Resets);

            Assert.Equal(ResultCode.None, Update(protocol, _new, "1.2.3"));

            Assert.True(_mcu.Holds(0, _new));
            Assert.Equal(ResultCode.Pending, protocol.Begin(_new.Length, SHA256.HashData(_new)));
            resets = _mcu.Resets;
            Assert.Equal(ResultCode.Pending, protocol.Begin(_new.Length, new byte[32]));
            Assert.Equal(resets + 1, _mcu.Resets);
        }

        [Theory]
        [InlineData(1)]
        [InlineData(0)]
        public void With_a_trial_a_refused_upload_or_mark_leaves_the_MCU_to_its_application(int command)
        {
            var mcu = new McubootMcu(_old, SlotLength) { HasDirectUpload = true, ApplicationSpeaks = true };
            bool isUploaded = false;
            mcu.Requested = (group, what) => isUploaded |= group == 1 && what == 1;
            mcu.Refuse = (group, what) => isUploaded && group == 1 && what == command ? 1 : 0;
            McubootSerial protocol = Connect(mcu);
            protocol.UsesTrial = true;

            Assert.Equal(ResultCode.McuRefused, Update(protocol, _new, "1.2.3"));

            Assert.Equal("1.0.0", mcu.Running);
        }

        [Fact]
        public void An_application_that_does_not_answer_is_silent_after_its_start_time()
        {
            var mcu = new McubootMcu(_old, SlotLength) { HasDirectUpload = true, ApplicationSpeaks = true };
            mcu.Broken.Add("1.2.3");
            McubootSerial protocol = Connect(mcu);
            protocol.UsesTrial = true;
            protocol.StartMilliseconds = 4000;
            Assert.Equal(ResultCode.None, Program(protocol, _new));
            long before = _clock.TickCount64;

            Assert.Equal(ResultCode.McuSilent, Drive(() => protocol.Check("1.2.3")));

            Assert.InRange(_clock.TickCount64 - before, 4000, 4010);
        }

        [Fact]
        public void Bytes_that_were_not_sent_yet_cannot_be_what_the_MCU_wants_next()
        {
            int uploads = 0;
            _mcu.Requested = (group, command) => uploads += group == 1 && command == 1 ? 1 : 0;
            _mcu.Forge = answer => uploads == 2 ? SmpConsole.Map(map =>
            {
                map.WriteTextString("off");
                map.WriteInt32(513);
            }) : answer;
            McubootSerial protocol = Connect(_mcu);

            Assert.Equal(ResultCode.McuRefused, Program(protocol, _new));
            Assert.Equal(256, protocol.Position);
        }

        [Theory]
        [InlineData("A3 627263 01 627263 00 636F6666 190100")]
        [InlineData("A2 627263 20 636F6666 190100")]
        [InlineData("A2 627263 F4 636F6666 190100")]
        [InlineData("A2 63657272 A0 636F6666 190100")]
        public void A_refusal_is_one_though_the_same_answer_takes_it_back_or_says_how_much_has_come(string hex)
        {
            int uploads = 0;
            _mcu.Requested = (group, command) => uploads += group == 1 && command == 1 ? 1 : 0;
            _mcu.Forge = answer => uploads != 1 ? answer : Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

            Assert.Equal(ResultCode.McuRefused, Program(Connect(_mcu), _new));
        }

        [Fact]
        public void A_port_that_cannot_be_opened_is_an_MCU_that_is_silent()
        {
            McubootSerial protocol = Connect(_mcu);
            _port!.Open();
            _port.Close();
            _port.Open();
            _port.ReadTimeout = 1;
            McubootSerial without = new(new SerialPort("COM9"), _mcu);

            Assert.Equal(ResultCode.McuSilent, Drive(() => without.Begin(_new.Length, SHA256.HashData(_new))));
            Assert.Equal(ResultCode.None, Drive(() => protocol.Begin(_new.Length, SHA256.HashData(_new))));
        }

        [Theory]
        [InlineData(1)]
        [InlineData(3)]
        [InlineData(8)]
        [InlineData(-1)]
        public void What_the_MCU_refuses_is_a_refusal_whatever_its_number(int code)
        {
            _mcu.Refuse = (group, command) => group == 1 && command == 1 ? code : 0;

            Assert.Equal(ResultCode.McuRefused, Update(Connect(_mcu), _new, "1.2.3"));
        }

        [Fact]
        public void An_image_larger_than_the_slot_is_refused_by_the_MCU()
        {
            byte[] large = McubootImages.Make("1.2.3", SlotLength);

            Assert.Equal(ResultCode.McuRefused, Update(Connect(_mcu), large, "1.2.3"));
        }

        [Fact]
        public void Another_version_than_expected_is_reported()
        {
            Assert.Equal(ResultCode.McuVersionMismatch, Update(Connect(_mcu), _new, "1.2.4"));
            Assert.Equal(ResultCode.McuVersionMismatch, Update(Connect(_mcu), _new, "1.2.30"));
            Assert.Equal(ResultCode.McuVersionMismatch, Update(Connect(_mcu), _new, "2.2.3"));
        }

        [Fact]
        public void An_image_that_did_not_arrive_whole_is_not_in_the_list()
        {
            byte[] damaged = [.. _new];
            damaged[4000] ^= 1;

            Assert.Equal(ResultCode.McuVersionMismatch, Update(Connect(_mcu), damaged, "1.2.3"));
            Assert.Equal(McuMode.Dead, _mcu.Mode);
        }

        [Fact]
        public void With_a_trial_the_other_slot_is_written_tried_and_confirmed()
        {
            var mcu = new McubootMcu(_old, SlotLength) { HasDirectUpload = true, ApplicationSpeaks = true };
            McubootSerial protocol = Connect(mcu);
            protocol.UsesTrial = true;
            Assert.Equal(ResultCode.None, Update(protocol, _new, "1.2.3"));
            Assert.Equal("1.2.3", mcu.Running);
            Assert.Equal(ResultCode.None, Drive(protocol.Confirm));

            mcu.Reset(false);

            Assert.Equal("1.2.3", mcu.Running);
            Assert.True(mcu.Holds(1, _old));
        }

        [Fact]
        public void With_a_trial_an_application_that_does_not_start_is_gone_after_the_next_reset()
        {
            var mcu = new McubootMcu(_old, SlotLength) { HasDirectUpload = true, ApplicationSpeaks = true };
            mcu.Broken.Add("1.2.3");
            McubootSerial protocol = Connect(mcu);
            protocol.UsesTrial = true;

            Assert.Equal(ResultCode.McuSilent, Update(protocol, _new, "1.2.3"));

            mcu.Reset(false);

            Assert.Equal("1.0.0", mcu.Running);
        }

        [Fact]
        public void A_bootloader_that_marks_no_images_refuses_a_trial()
        {
            var mcu = new McubootMcu(_old, SlotLength) { ApplicationSpeaks = true };
            McubootSerial protocol = Connect(mcu);
            protocol.UsesTrial = true;

            Assert.Equal(ResultCode.McuRefused, Update(protocol, _new, "1.2.3"));
            Assert.True(mcu.Holds(0, _old));
        }

        [Fact]
        public void The_MCU_says_a_text_back_and_resets_itself_on_request()
        {
            McubootSerial protocol = Connect(_mcu);
            Assert.Equal(ResultCode.None, Drive(() => protocol.Begin(1, new byte[32])));

            Assert.Equal(ResultCode.None, Drive(() => protocol.Echo("hello")));
            Assert.Equal(McuMode.Recovery, _mcu.Mode);
            Assert.Equal(ResultCode.None, Drive(protocol.ResetByRequest));

            Assert.Equal("1.0.0", _mcu.Running);
        }

        [Fact]
        public void An_image_of_another_kind_version_or_length_is_refused_by_its_head()
        {
            McubootSerial protocol = Connect(_mcu);
            byte[] other = [.. _new];
            other[0] ^= 1;

            Assert.Equal(ResultCode.None, Judge(protocol, _new, "1.2.3", _new.Length));
            Assert.Equal(ResultCode.ImageMalformed, Judge(protocol, other, "1.2.3", _new.Length));
            Assert.Equal(ResultCode.ImageVersionMismatch, Judge(protocol, _new, "1.2.4", _new.Length));
            Assert.Equal(ResultCode.ImageMalformed, Judge(protocol, _new, "1.2.3", 9000));
            Assert.Equal(ResultCode.ImageMalformed, Judge(protocol, _new[..31], "1.2.3", 31));
        }

        [Fact]
        public void Hostile_answers_are_refused_or_passed_over()
        {
            var random = new Random(17);
            for (int i = 0; i < 300; i++)
            {
                var mcu = new McubootMcu(_old, SlotLength);
                mcu.Forge = body =>
                {
                    byte[] forged = [.. body];
                    for (int n = random.Next(1, 4); n > 0; n--)
                    {
                        forged[random.Next(forged.Length)] = (byte)random.Next(256);
                    }

                    return random.Next(3) == 0 ? forged[..random.Next(1, forged.Length)] : random.Next(2) == 0 ? forged : body;
                };
                McubootSerial protocol = Connect(mcu);
                ResultCode code = Update(protocol, _new, "1.2.3");
                Assert.Contains(code, new[] { ResultCode.None, ResultCode.McuRefused, ResultCode.McuVersionMismatch, ResultCode.McuSilent });
                Assert.InRange(protocol.Position, 0, _new.Length);
            }
        }

        private SerialPort? _port;

        private McubootSerial Connect(McubootMcu mcu)
        {
            DeviceClock.Current = _clock;
            var wiring = new DeviceWiring();
            wiring.Connect("COM2", mcu);
            DeviceWiring.Current = wiring;
            _port = new SerialPort("COM2", 115200);
            return new McubootSerial(_port, mcu);
        }

        private ResultCode Update(McubootSerial protocol, byte[] image, string version)
        {
            ResultCode code = Program(protocol, image);
            return code == ResultCode.None ? Drive(() => protocol.Check(version)) : code;
        }

        private ResultCode Program(McubootSerial protocol, byte[] image)
        {
            ResultCode code = Drive(() => protocol.Begin(image.Length, SHA256.HashData(image)));
            for (int writes = 0; code == ResultCode.None && protocol.Position < image.Length; writes++)
            {
                int at = protocol.Position;
                byte[] chunk = image[at..Math.Min(image.Length, at + protocol.ChunkLength)];
                code = writes > 500 ? ResultCode.McuRefused : Drive(() => protocol.Write(chunk, chunk.Length));
            }

            return code == ResultCode.None ? Drive(protocol.Finish) : code;
        }

        private ResultCode Drive(Func<ResultCode> step)
        {
            for (int i = 0; i < 500_000; i++)
            {
                ResultCode code = step();
                if (code != ResultCode.Pending)
                {
                    return code;
                }

                _clock.Skip(1);
            }

            throw new InvalidOperationException("It never ends.");
        }

        private static ResultCode Judge(McubootSerial protocol, byte[] image, string version, int size)
        {
            return protocol.Judge(new ManifestComponent { Version = SemanticVersion.Parse(version), Size = size }, image, Math.Min(4096, image.Length));
        }

        private static Func<byte[], IEnumerable<byte[]>> Faults(string what, int seed)
        {
            var random = new Random(seed);
            byte[]? held = null;
            return line =>
            {
                string kind = what != "all" ? what : new[] { "lost", "doubled", "damaged", "cut", "late", "noisy" }[random.Next(6)];
                if (random.Next(30) != 0)
                {
                    byte[][] all = held == null ? [line] : [line, held];
                    held = null;
                    return all;
                }

                byte[] damaged = [.. line];
                damaged[random.Next(line.Length)] ^= (byte)(1 << random.Next(8));
                switch (kind)
                {
                    case "lost":
                        return [];
                    case "doubled":
                        return [line, line];
                    case "damaged":
                        return [damaged];
                    case "cut":
                        return [line[..random.Next(line.Length)]];
                    case "noisy":
                        return [[.. "<log> text\n"u8], line];
                    default:
                        held = line;
                        return [];
                }
            };
        }
    }
}

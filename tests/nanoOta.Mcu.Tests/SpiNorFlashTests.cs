extern alias StandIns;

using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Mcu;
using StandIns::nanoOta.StandIns;
using StandIns::System.Device.Spi;

namespace nanoOta.Mcu.Tests
{
    /// <summary>The driver of serial NOR flash against a simulated chip.</summary>
    public class SpiNorFlashTests
    {
        private const int Size = 1 << 20;

        private readonly NorFlash _cells = new(Size);

        [Fact]
        public void The_id_tells_maker_and_size()
        {
            SpiNorFlash flash = Open(new SpiNorChip(_cells), out ResultCode code);

            Assert.Equal(ResultCode.None, code);
            Assert.Equal(0xEF4014, flash.JedecId);
            Assert.Equal(Size, flash.Size);
        }

        [Theory]
        [InlineData(0x00, 0x00, 0x00)]
        [InlineData(0xFF, 0xFF, 0xFF)]
        [InlineData(0x00, 0x40, 0x14)]
        [InlineData(0xFF, 0x40, 0x14)]
        [InlineData(0xEF, 0x40, 0x0F)]
        [InlineData(0xEF, 0x40, 0x19)]
        public void A_chip_that_is_not_there_or_too_large_for_three_address_bytes_is_refused(byte maker, byte type, byte capacity)
        {
            SpiNorFlash flash = Open(new SpiNorChip(_cells) { JedecId = [maker, type, capacity] }, out ResultCode code);

            Assert.Equal(ResultCode.FlashFailed, code);
            Assert.Equal(ResultCode.FlashFailed, flash.Read(0, new byte[1], 0, 1));
        }

        [Fact]
        public void A_bus_without_a_chip_is_refused()
        {
            DeviceWiring.Current = new DeviceWiring();

            Assert.Equal(ResultCode.FlashFailed, new SpiNorFlash(new SpiDevice(new SpiConnectionSettings(1, 5))).Open());
        }

        [Theory]
        [InlineData(0, 4096)]
        [InlineData(250, 700)]
        [InlineData(4090, 20)]
        [InlineData(255, 1)]
        [InlineData(256, 257)]
        public void What_is_programmed_across_pages_reads_back(int offset, int count)
        {
            SpiNorFlash flash = Open(new SpiNorChip(_cells), out _);
            byte[] data = Bytes(count + 3);
            var read = new byte[count + 2];

            Assert.Equal(ResultCode.None, flash.Program(offset, data, 3, count));
            Assert.Equal(ResultCode.None, flash.Read(offset, read, 2, count));

            Assert.Equal(data[3..], read[2..]);
            Assert.Equal(data[3..], _cells.Read(offset, count));
            Assert.True(offset == 0 || _cells.Read(offset - 1, 1)[0] == 0xFF);
            Assert.Equal(0xFF, _cells.Read(offset + count, 1)[0]);
        }

        [Fact]
        public void Whole_blocks_are_erased_at_once_and_the_rest_by_sectors()
        {
            var chip = new SpiNorChip(_cells);
            SpiNorFlash flash = Open(chip, out _);
            flash.Program(3 * 4096, Bytes(256), 0, 256);
            flash.Program(65536 + 70, Bytes(256), 0, 256);
            flash.Program(3 * 65536, Bytes(16), 0, 16);
            int before = chip.Frames;

            Assert.Equal(ResultCode.None, flash.Erase(3 * 4096, 65536 + 13 * 4096));

            Assert.True(_cells.IsBlank(0, 2 * 65536));
            Assert.False(_cells.IsBlank(3 * 65536, 16));

            // Enable, status, command and a few looks at the status for each of 13 sectors and one block; one by one it would be twice that.
            Assert.InRange(chip.Frames - before, 14 * 4, 14 * 8);
        }

        [Fact]
        public void No_transfer_is_longer_than_a_page_and_its_address()
        {
            var chip = new SpiNorChip(_cells);
            SpiNorFlash flash = Open(chip, out _);
            flash.Program(0, Bytes(4096), 0, 4096);
            flash.Read(0, new byte[4096], 0, 4096);

            Assert.Equal(260, chip.LongestFrame);
        }

        [Fact]
        public void A_chip_that_is_write_protected_is_found_out()
        {
            var chip = new SpiNorChip(_cells);
            SpiNorFlash flash = Open(chip, out _);
            chip.IsProtected = true;

            Assert.Equal(ResultCode.FlashFailed, flash.Program(0, Bytes(4), 0, 4));
            Assert.Equal(ResultCode.FlashFailed, flash.Erase(0, 4096));
        }

        [Fact]
        public void A_chip_that_stays_busy_is_waited_for_no_longer_than_it_may_take()
        {
            var chip = new SpiNorChip(_cells);
            SpiNorFlash flash = Open(chip, out _);
            chip.StaysBusy = true;

            Assert.Equal(ResultCode.FlashFailed, flash.Program(0, Bytes(4), 0, 4));
            Assert.InRange(chip.Frames, 1, 200);
        }

        [Fact]
        public void A_chip_that_is_still_erasing_after_a_reset_is_waited_for()
        {
            var chip = new SpiNorChip(_cells) { BusyReads = 12 };
            SpiNorFlash first = Open(chip, out _);
            chip.Transfer([0x06], new byte[1]);
            chip.Transfer([0x20, 0, 0, 0], new byte[4]);

            SpiNorFlash second = Open(chip, out ResultCode code);

            Assert.Equal(ResultCode.None, code);
            Assert.Equal(first.JedecId, second.JedecId);
        }

        [Fact]
        public void Bits_that_cannot_be_set_fail_the_program()
        {
            SpiNorFlash flash = Open(new SpiNorChip(_cells), out _);
            flash.Program(0, new byte[] { 0x0F }, 0, 1);

            Assert.Equal(ResultCode.FlashFailed, flash.Program(0, new byte[] { 0xF0 }, 0, 1));
        }

        [Theory]
        [InlineData(-1, 1)]
        [InlineData(Size, 1)]
        [InlineData(Size - 4095, 4096)]
        [InlineData(0, -1)]
        [InlineData(int.MaxValue, 4096)]
        public void What_lies_outside_of_the_chip_is_refused(int offset, int count)
        {
            SpiNorFlash flash = Open(new SpiNorChip(_cells), out _);
            var buffer = new byte[4096];

            Assert.Equal(ResultCode.FlashFailed, flash.Read(offset, buffer, 0, count));
            Assert.Equal(ResultCode.FlashFailed, flash.Program(offset, buffer, 0, count));
            Assert.Equal(ResultCode.FlashFailed, flash.Erase(offset, count));
        }

        [Fact]
        public void Half_a_sector_is_not_erased()
        {
            SpiNorFlash flash = Open(new SpiNorChip(_cells), out _);

            Assert.Equal(ResultCode.FlashFailed, flash.Erase(2048, 4096));
            Assert.Equal(ResultCode.FlashFailed, flash.Erase(0, 2048));
        }

        [Fact]
        public void A_record_survives_a_cut_at_any_operation_of_the_chip()
        {
            for (int cut = 1; cut <= 2; cut++)
            {
                foreach (TearKind tear in Enum.GetValues<TearKind>())
                {
                    var cells = new NorFlash(65536);
                    var chip = new SpiNorChip(cells);
                    DurableRecord record = Record(chip);
                    record[DurableRecord.FirstField] = 1;
                    Assert.True(record.Save());
                    cells.PowerOn();
                    cells.CutAt = cut;
                    cells.Tear = new Tear(tear, cut);
                    record[DurableRecord.FirstField] = 2;
                    Assert.False(record.Save());
                    chip.PowerOn();

                    DurableRecord after = Record(chip);

                    Assert.Equal(tear == TearKind.All && cut == 2 ? 2u : 1u, after[DurableRecord.FirstField]);
                }
            }
        }

        private static DurableRecord Record(SpiNorChip chip)
        {
            var record = new DurableRecord(new BlockRecordStore(Open(chip, out _), 0, 2), 7, 256);
            record.Load();
            return record;
        }

        private static SpiNorFlash Open(SpiNorChip chip, out ResultCode code)
        {
            var wiring = new DeviceWiring();
            wiring.Connect(1, 5, chip);
            DeviceWiring.Current = wiring;
            var flash = new SpiNorFlash(new SpiDevice(new SpiConnectionSettings(1, 5)));
            code = flash.Open();
            return flash;
        }

        private static byte[] Bytes(int count)
        {
            var bytes = new byte[count];
            new Random(count).NextBytes(bytes);
            return bytes;
        }
    }
}

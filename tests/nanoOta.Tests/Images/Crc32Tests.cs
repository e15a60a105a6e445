using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tests.Images
{
    public class Crc32Tests
    {
        [Fact]
        public void The_published_check_values_come_out()
        {
            Assert.Equal(0x89A1897Fu, Crc32.Nano("123456789"u8));
            Assert.Equal(0xCBF43926u, Crc32.Ieee("123456789"u8));
        }

        [Fact]
        public void Parts_one_after_another_give_the_CRC_of_the_whole()
        {
            Assert.Equal(0x89A1897Fu, Crc32.Nano("56789"u8, Crc32.Nano("1234"u8)));
            Assert.Equal(0xCBF43926u, Crc32.EspLe(Crc32.Ieee("1234"u8), "56789"u8));
        }

        [Fact]
        public void The_first_otadata_entry_of_every_ESP32_has_the_known_CRC()
        {
            // Sequence number 1, as otatool and the bootloader write it.
            Assert.Equal(0x4743989Au, Crc32.EspLe(uint.MaxValue, [1, 0, 0, 0]));
        }
    }
}

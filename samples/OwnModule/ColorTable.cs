// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System.Device.Spi;

namespace nanoOta.Samples
{
    /// <summary>A table of colors in a flash chip: a component of your own, in forty lines. Each color has three bytes.</summary>
    public sealed class ColorTable : PairModule
    {
        private const int PlaceLength = 4096;
        private const int RecordSectors = 2;

        private readonly IBlockDevice _flash;

        /// <summary>Opens the chip: SPI bus 1, chip select 4.</summary>
        public ColorTable()
            : this(OpenFlash())
        {
        }

        private ColorTable(IBlockDevice flash)
            : base("colors", new BlockRecordStore(flash, 0, RecordSectors), "1.0.0")
        {
            _flash = flash;
        }

        /// <inheritdoc/>
        protected override int Capacity => PlaceLength;

        /// <inheritdoc/>
        protected override ResultCode Judge(ManifestComponent component, byte[] head, int count)
        {
            return component.Size % 3 == 0 ? ResultCode.None : ResultCode.ImageMalformed;
        }

        /// <inheritdoc/>
        protected override ResultCode Open(int place, int offset, int size)
        {
            return _flash.Erase(At(place), PlaceLength);
        }

        /// <inheritdoc/>
        protected override ResultCode Put(int place, int offset, byte[] buffer, int count)
        {
            return _flash.Program(At(place) + offset, buffer, 0, count);
        }

        /// <inheritdoc/>
        protected override ResultCode Get(int place, int offset, byte[] buffer, int count)
        {
            return _flash.Read(At(place) + offset, buffer, 0, count);
        }

        private int At(int place)
        {
            return (RecordSectors + place) * PlaceLength;
        }

        private static IBlockDevice OpenFlash()
        {
            SpiNorFlash flash = new SpiNorFlash(new SpiDevice(new SpiConnectionSettings(1, 4) { ClockFrequency = 10000000 }));
            flash.Open();
            return flash;
        }
    }
}

using static nanoOta.VirtualDevice.Images.ImageBytes;

namespace nanoOta.VirtualDevice.Images
{
    /// <summary>
    /// What MCUboot keeps at the end of a slot (docs/images.md; bootutil_public.c).
    /// A file has it when it was padded to the slot's size or read back from flash.
    /// </summary>
    /// <param name="Alignment">The write alignment it was laid out for: 8, or more.</param>
    /// <param name="ImageOk">Confirmed; null when the byte is neither set (0x01) nor erased (0xFF).</param>
    /// <param name="CopyDone">The swap is complete; null likewise.</param>
    /// <param name="SwapInfo">Low four bits the swap type, high four the image number; 0xFF when erased.</param>
    /// <param name="Offset">Where the part begins that was read: swap_info.</param>
    public sealed record McubootTrailer(int Alignment, bool? ImageOk, bool? CopyDone, byte SwapInfo, int Offset)
    {
        private const int MagicSize = 16;

        private static readonly string[] _swapTypes = ["none", "test", "permanent", "revert"];

        /// <summary>The swap type in words, as MCUboot reads it: what it does not know is none.</summary>
        public string Swap => SwapInfo == 0xFF || (SwapInfo & 0xF) is 0 or > 4 ? _swapTypes[0] : _swapTypes[(SwapInfo & 0xF) - 1];

        private static ReadOnlySpan<byte> Magic8 => [0x77, 0xC2, 0x95, 0xF3, 0x60, 0xD2, 0xEF, 0x7F, 0x35, 0x52, 0x50, 0x0F, 0x2C, 0xB6, 0x79, 0x80];

        /// <summary>Magic of a larger alignment, behind the alignment itself as u16.</summary>
        private static ReadOnlySpan<byte> MagicWide => [0x2D, 0xE1, 0x5D, 0x29, 0x41, 0x0B, 0x8D, 0x77, 0x67, 0x9C, 0x11, 0x0F, 0x1F, 0x8A];

        /// <summary>The trailer at the end of <paramref name="slot"/>; null when there is no magic or no room for it behind <paramref name="imageEnd"/>.</summary>
        public static McubootTrailer? Read(ReadOnlySpan<byte> slot, int imageEnd)
        {
            int magic = slot.Length - MagicSize;
            if (magic < 0)
            {
                return null;
            }

            int alignment = slot[magic..].SequenceEqual(Magic8) ? 8 : slot[(magic + 2)..].SequenceEqual(MagicWide) ? U16(slot, magic) : 0;
            if (alignment < 8 || !System.Numerics.BitOperations.IsPow2(alignment))
            {
                return null;
            }

            int imageOk = (magic - alignment) & -alignment;
            int swapInfo = imageOk - (2 * alignment);
            return swapInfo < imageEnd ? null : new McubootTrailer(alignment, Flag(slot[imageOk]), Flag(slot[imageOk - alignment]), slot[swapInfo], swapInfo);
        }

        private static bool? Flag(byte value)
        {
            return value switch { 0x01 => true, 0xFF => false, _ => null };
        }
    }
}

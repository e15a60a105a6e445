// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System.Text;

namespace nanoOta
{
    /// <summary>
    /// What there is to know of a nanoFramework firmware image in ESP-IDF's format: chip and version, and the table of native
    /// assemblies that our firmware carries where ESP-IDF leaves room for a custom descriptor.
    /// </summary>
    internal static class ClrImage
    {
        private const int HeadLength = 288;
        private const int VersionAt = 48;
        private const byte ImageMagic = 0xE9;
        private const uint DescriptorMagic = 0xABCD5432;
        private const uint NativesMagic = 0x4E744F6E; // "nOtN"
        private const int NativesHeader = 8;
        private const int NameColumn = 0;
        private const int MaxNatives = 60;

        /// <summary>The column of the checksums in a table of native assemblies; the other one has the CRCs of their names.</summary>
        internal const int ChecksumColumn = 4;

        /// <summary>The bytes at the start of the buffer that <see cref="ReadNatives"/> uses.</summary>
        internal const int NativesLength = NativesHeader + MaxNatives * 8;

        /// <summary>Judges the first bytes of an image: right kind, right chip, right version.</summary>
        internal static ResultCode CheckHead(byte[] image, int count, IFirmwareSlots slots, SemanticVersion version)
        {
            if (count < HeadLength || image[0] != ImageMagic || Bytes.GetUInt32(image, 32) != DescriptorMagic)
            {
                return ResultCode.ImageMalformed;
            }

            // The chip's number stands where the running image has it.
            byte[] running = new byte[14];
            ResultCode code = slots.Read(FirmwareParts.Clr, false, 0, running, running.Length);
            if (code != ResultCode.None)
            {
                return code;
            }

            if (image[12] != running[12] || image[13] != running[13])
            {
                return ResultCode.WrongChip;
            }

            // a.b.c, or a.b.c.d as nanoFramework numbers its builds.
            char[] wanted = version.Core.ToCharArray();
            for (int i = 0; i < wanted.Length; i++)
            {
                if (image[VersionAt + i] != wanted[i])
                {
                    return ResultCode.ImageVersionMismatch;
                }
            }

            byte next = image[VersionAt + wanted.Length];
            return next == 0 || next == '.' ? ResultCode.None : ResultCode.ImageVersionMismatch;
        }

        /// <summary>The version a.b.c of the firmware that runs; null when it cannot be read.</summary>
        internal static string ReadVersion(IFirmwareSlots slots)
        {
            byte[] text = new byte[32];
            if (slots.Read(FirmwareParts.Clr, false, VersionAt, text, text.Length) != ResultCode.None)
            {
                return null;
            }

            int length = 0;
            for (int dots = 0; length < text.Length && text[length] != 0; length++)
            {
                if (text[length] == '.' && ++dots == 3)
                {
                    break;
                }
            }

            return Encoding.UTF8.GetString(text, 0, length);
        }

        /// <summary>Reads the table of native assemblies of an image; an image without one gives an empty table.</summary>
        internal static void ReadNatives(IFirmwareSlots slots, bool idle, byte[] table)
        {
            if (slots.Read(FirmwareParts.Clr, idle, HeadLength, table, NativesLength) != ResultCode.None
                || Bytes.GetUInt32(table, 0) != NativesMagic || table[4] != 1 || table[5] != 0
                || table[6] > MaxNatives || table[7] != 0)
            {
                table[6] = 0;
            }
        }

        /// <summary>The checksum that a table has for an assembly; 0, as of an assembly without native code, when it has none.</summary>
        internal static uint FindNative(byte[] table, string name)
        {
            return name == null ? 0 : Find(table, NameColumn, Crc.Of(name));
        }

        /// <summary>The checksum of the assembly that has a value in a column; 0 when none has it.</summary>
        internal static uint Find(byte[] table, int column, uint value)
        {
            for (int i = 0; i < table[6]; i++)
            {
                int at = NativesHeader + 8 * i;
                if (Bytes.GetUInt32(table, at + column) == value)
                {
                    return Bytes.GetUInt32(table, at + ChecksumColumn);
                }
            }

            return 0;
        }
    }
}

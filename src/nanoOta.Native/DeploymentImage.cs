// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System.Text;

namespace nanoOta
{
    /// <summary>
    /// What there is to know of a deployment in a slot: the assemblies one behind the other, the application last. The CLR would
    /// pass over what it does not understand, so a device that starts with nothing to run is found out here instead.
    /// </summary>
    internal static class DeploymentImage
    {
        private const int HeaderLength = 124;
        private const int MaxAssemblies = 128;
        private const int MaxName = 64;

        // A name from this index on is one of the 860 strings that the CLR has built in, which count down from 0xFFFF. Their texts are
        // not here: mscorlib, System.Threading, and whatever else an assembly is called, are known by their checksum.
        private const uint FirstBuiltInName = 0xFFFF - 0x35B;

        // Behind the table of natives, the buffer holds a header and a name.
        private const int HeaderAt = ClrImage.NativesLength;

        // "NFMRK1", NUL, NUL: an assembly of nanoFramework 1.x.
        private const uint MarkerLow = 0x524D464E;
        private const uint MarkerHigh = 0x0000314B;

        /// <summary>Judges the first bytes of an image.</summary>
        internal static ResultCode CheckHead(byte[] image, int count)
        {
            return count >= HeaderLength && HasMarker(image) ? ResultCode.None : ResultCode.ImageMalformed;
        }

        /// <summary>Judges all assemblies of a slot against the table of natives at the start of the buffer.</summary>
        /// <param name="slots">The slots.</param>
        /// <param name="idle">The idle slot, whose image is just so long; or the active one, of which only a bound is known.</param>
        /// <param name="size">The image's length, or that bound.</param>
        /// <param name="version">What the application's version must be; null: anything.</param>
        /// <param name="buffer">Begins with the table that <see cref="ClrImage.ReadNatives"/> read.</param>
        internal static ResultCode Check(IFirmwareSlots slots, bool idle, int size, SemanticVersion version, byte[] buffer)
        {
            byte[] header = new byte[HeaderLength];
            string application = null;
            int at = 0;
            for (int count = 0; at + HeaderLength <= size; count++)
            {
                ResultCode code = slots.Read(FirmwareParts.Deployment, idle, at, header, HeaderLength);
                if (code != ResultCode.None)
                {
                    return code;
                }

                uint length = Bytes.GetUInt32(header, 100);
                bool whole = HasMarker(header)
                    && length >= HeaderLength && length <= (uint)(size - at) && count < MaxAssemblies;
                if (!whole)
                {
                    break;
                }

                // The CLR refuses an assembly whose native code it lacks, and one that lacks the native code it has.
                uint natives = Bytes.GetUInt32(header, 20);
                uint known = GetUInt16(header, 36) >= FirstBuiltInName
                    ? ClrImage.Find(buffer, ClrImage.ChecksumColumn, natives) : ClrImage.FindNative(buffer, ReadName(slots, idle, at, header));
                if (natives != known)
                {
                    return ResultCode.NativesMismatch;
                }

                application = GetUInt16(header, 28) + "." + GetUInt16(header, 30) + "." + GetUInt16(header, 32);
                at += ((int)length + 3) & ~3;
            }

            // An image ends with an assembly; behind the active deployment there is blank flash.
            if (application == null || (idle && at < size))
            {
                return ResultCode.ImageMalformed;
            }

            return version != null && version.Core != application ? ResultCode.ImageVersionMismatch : ResultCode.None;
        }

        private static string ReadName(IFirmwareSlots slots, bool idle, int at, byte[] header)
        {
            uint index = GetUInt16(header, 36);
            byte[] name = new byte[MaxName];
            uint strings = Bytes.GetUInt32(header, 84);
            uint end = Bytes.GetUInt32(header, 100);
            if (strings > end || index >= end - strings)
            {
                return null;
            }

            uint room = end - strings - index;
            int count = room < MaxName ? (int)room : MaxName;
            if (slots.Read(FirmwareParts.Deployment, idle, at + (int)(strings + index), name, count) != ResultCode.None)
            {
                return null;
            }

            int length = 0;
            while (length < count && name[length] != 0)
            {
                length++;
            }

            return length == count ? null : Encoding.UTF8.GetString(name, 0, length);
        }

        private static bool HasMarker(byte[] header)
        {
            return Bytes.GetUInt32(header, 0) == MarkerLow && Bytes.GetUInt32(header, 4) == MarkerHigh;
        }

        private static uint GetUInt16(byte[] b, int at)
        {
            return b[at] | ((uint)b[at + 1] << 8);
        }
    }
}

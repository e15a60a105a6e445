using System.Text;

namespace nanoOta.VirtualDevice.Slots
{
    /// <summary>What is installed with one firmware: its version, the manifest's digest, and the application it came with.</summary>
    /// <param name="Version">Up to 63 bytes; empty: not known.</param>
    /// <param name="Application">The application's own version a.b.c; up to 23 bytes.</param>
    /// <param name="Digest">32 bytes.</param>
    public sealed record InstalledSet(string Version, string Application, byte[] Digest)
    {
        /// <summary>Nothing is known: the factory's content.</summary>
        public static InstalledSet Unknown { get; } = new("", "", new byte[32]);

        /// <summary>Its bytes as they were read, to be written again: a text need not be UTF-8. Null: it was not read.</summary>
        internal byte[]? Read { get; init; }
    }

    /// <summary>
    /// The slot record: what boots, and what is on trial. It lies twice, in the first two sectors of <c>ota_state</c>; the newer
    /// one that is whole counts. The native code of the targets keeps the same bytes (docs/slots.md).
    /// </summary>
    public sealed class SlotRecord
    {
        /// <summary>Length in bytes; all numbers little-endian.</summary>
        public const int Length = 512;

        /// <summary>No deployment.</summary>
        public const byte None = 0xFF;

        private const uint Magic = 0x31534F6E; // "nOS1"
        private const int SetLength = 64 + 24 + 32;

        /// <summary>Rises with each write.</summary>
        public uint Sequence { get; set; }

        /// <summary>For each firmware slot the deployment slot that runs with it, or <see cref="None"/>.</summary>
        public byte[] DeployFor { get; } = [0, 0];

        /// <summary>For each firmware slot what was last confirmed on it.</summary>
        public InstalledSet[] Sets { get; } = [InstalledSet.Unknown, InstalledSet.Unknown];

        /// <summary>What is on trial, or was last; none: there has been no trial since the last confirmation.</summary>
        public FirmwareParts TrialParts { get; set; }

        /// <summary>The firmware slot that the trial runs on.</summary>
        public byte TrialFirmware { get; set; }

        /// <summary>The deployment slot that the trial runs.</summary>
        public byte TrialDeploy { get; set; }

        /// <summary>Boots that the trial has had.</summary>
        public byte TrialBoots { get; set; }

        /// <summary>How the trial ended; <see cref="ResultCode.None"/> while it has not.</summary>
        public ResultCode Verdict { get; set; }

        /// <summary>After so many seconds without confirmation the watchdog resets the device.</summary>
        public ushort TrialSeconds { get; set; }

        /// <summary>Rises with each activation.</summary>
        public uint TrialId { get; set; }

        /// <summary>What is on trial.</summary>
        public InstalledSet Trial { get; set; } = InstalledSet.Unknown;

        /// <summary>Whether a trial has been activated and not ended.</summary>
        public bool HasTrial => TrialParts != FirmwareParts.None && Verdict == ResultCode.None;

        /// <summary>The record's bytes, checksum and all.</summary>
        public byte[] ToBytes()
        {
            var bytes = new byte[Length];
            BitConverter.TryWriteBytes(bytes.AsSpan(0), Magic);
            BitConverter.TryWriteBytes(bytes.AsSpan(4), Sequence);
            bytes[8] = DeployFor[0];
            bytes[9] = DeployFor[1];
            bytes[10] = (byte)TrialParts;
            bytes[11] = TrialFirmware;
            bytes[12] = TrialDeploy;
            bytes[13] = TrialBoots;
            BitConverter.TryWriteBytes(bytes.AsSpan(14), TrialSeconds);
            BitConverter.TryWriteBytes(bytes.AsSpan(16), (uint)Verdict);
            BitConverter.TryWriteBytes(bytes.AsSpan(20), TrialId);
            Put(bytes.AsSpan(24), Sets[0]);
            Put(bytes.AsSpan(24 + SetLength), Sets[1]);
            Put(bytes.AsSpan(24 + 2 * SetLength), Trial);
            BitConverter.TryWriteBytes(bytes.AsSpan(Length - 4), Images.Crc32.Ieee(bytes.AsSpan(0, Length - 4)));
            return bytes;
        }

        /// <summary>Reads a record; null when the bytes are not a whole one.</summary>
        public static SlotRecord? Read(ReadOnlySpan<byte> bytes)
        {
            if (BitConverter.ToUInt32(bytes) != Magic
                || BitConverter.ToUInt32(bytes[(Length - 4)..]) != Images.Crc32.Ieee(bytes[..(Length - 4)]))
            {
                return null;
            }

            var record = new SlotRecord
            {
                Sequence = BitConverter.ToUInt32(bytes[4..]),
                TrialParts = (FirmwareParts)(bytes[10] & 3),
                TrialFirmware = (byte)(bytes[11] & 1),
                TrialDeploy = (byte)(bytes[12] & 1),
                TrialBoots = bytes[13],
                TrialSeconds = BitConverter.ToUInt16(bytes[14..]),
                Verdict = (ResultCode)BitConverter.ToUInt32(bytes[16..]),
                TrialId = BitConverter.ToUInt32(bytes[20..]),
                Trial = GetSet(bytes[(24 + 2 * SetLength)..]),
            };
            for (int i = 0; i < 2; i++)
            {
                record.DeployFor[i] = bytes[8 + i] <= 1 ? bytes[8 + i] : None;
                record.Sets[i] = GetSet(bytes[(24 + i * SetLength)..]);
            }

            return record;
        }

        private static void Put(Span<byte> to, InstalledSet set)
        {
            if (set.Read != null)
            {
                set.Read.CopyTo(to);
                return;
            }

            PutText(to[..64], set.Version);
            PutText(to[64..88], set.Application);
            set.Digest.CopyTo(to[88..]);
        }

        private static void PutText(Span<byte> to, string text)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            bytes.AsSpan(0, Math.Min(bytes.Length, to.Length - 1)).CopyTo(to);
        }

        private static InstalledSet GetSet(ReadOnlySpan<byte> from)
        {
            var read = new byte[SetLength];
            string version = GetText(from[..64], read);
            string application = GetText(from[64..88], read.AsSpan(64));
            ReadOnlySpan<byte> digest = from.Slice(88, 32);
            digest.CopyTo(read.AsSpan(88));
            return new InstalledSet(version, application, digest.ToArray()) { Read = read };
        }

        // As the native code does: up to the first NUL, and always with one behind it. The bytes need not be UTF-8.
        private static string GetText(ReadOnlySpan<byte> from, Span<byte> read)
        {
            int length = from.IndexOf((byte)0);
            ReadOnlySpan<byte> text = from[..(length < 0 ? from.Length - 1 : length)];
            text.CopyTo(read);
            return Encoding.UTF8.GetString(text);
        }
    }
}

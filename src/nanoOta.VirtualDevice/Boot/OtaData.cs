using nanoOta.VirtualDevice.Flash;

namespace nanoOta.VirtualDevice.Boot
{
    /// <summary>The state of an application image in otadata (esp_ota_img_states_t).</summary>
    public enum OtaState : uint
    {
        /// <summary>Activated, not yet booted.</summary>
        New = 0,

        /// <summary>Booted once; the next boot without confirmation aborts it.</summary>
        PendingVerify = 1,

        /// <summary>Confirmed.</summary>
        Valid = 2,

        /// <summary>Rejected by itself.</summary>
        Invalid = 3,

        /// <summary>Given up by the bootloader.</summary>
        Aborted = 4,

        /// <summary>Rollback is not used.</summary>
        Undefined = 0xFFFFFFFF,
    }

    /// <summary>One of otadata's two entries. Its checksum covers the sequence number only: so ESP-IDF has it.</summary>
    /// <param name="Sequence">Application slot = (sequence - 1) % count.</param>
    /// <param name="State">The state.</param>
    /// <param name="Checksum">As stored.</param>
    public readonly record struct OtaEntry(uint Sequence, OtaState State, uint Checksum)
    {
        /// <summary>Length in bytes.</summary>
        public const int Length = 32;

        /// <summary>Whether it was written, and its checksum is right.</summary>
        public bool IsWhole => Sequence != 0xFFFFFFFF && Checksum == Crc(Sequence);

        /// <summary>Whether the bootloader passes it over for its content, whatever its checksum.</summary>
        public bool IsPassedOver => Sequence == 0xFFFFFFFF || State is OtaState.Invalid or OtaState.Aborted;

        /// <summary>Whether the bootloader considers it.</summary>
        public bool IsUsable => IsWhole && State is not (OtaState.Invalid or OtaState.Aborted);

        /// <summary>Reads an entry.</summary>
        public static OtaEntry Read(ReadOnlySpan<byte> bytes)
        {
            return new OtaEntry(BitConverter.ToUInt32(bytes), (OtaState)BitConverter.ToUInt32(bytes[24..]), BitConverter.ToUInt32(bytes[28..]));
        }

        /// <summary>An entry with the right checksum.</summary>
        public static OtaEntry Of(uint sequence, OtaState state)
        {
            return new OtaEntry(sequence, state, Crc(sequence));
        }

        /// <summary>The entry's bytes.</summary>
        public byte[] ToBytes()
        {
            var bytes = new byte[Length];
            bytes.AsSpan().Fill(0xFF);
            BitConverter.TryWriteBytes(bytes, Sequence);
            BitConverter.TryWriteBytes(bytes.AsSpan(24), (uint)State);
            BitConverter.TryWriteBytes(bytes.AsSpan(28), Checksum);
            return bytes;
        }

        private static uint Crc(uint sequence)
        {
            return Images.Crc32.EspLe(uint.MaxValue, BitConverter.GetBytes(sequence));
        }
    }

    /// <summary>
    /// The otadata partition as ESP-IDF 5.5 keeps it (docs/esp32.md): two sectors with an entry each, rewritten by erase and
    /// program, which a power cut may fall between.
    /// </summary>
    public sealed class OtaData(NorFlash flash, int offset, int slots, StateWrites writes)
    {
        // ESP-IDF's.
        private const int SectorLength = 4096;

        /// <summary>An entry.</summary>
        public OtaEntry this[int index] => OtaEntry.Read(flash.Read(offset + index * SectorLength, OtaEntry.Length));

        /// <summary>The entry that counts: the usable one with the higher sequence number, the first where they are equal; -1 when none is.</summary>
        public int Active => ActiveOf(ReadBoth());

        /// <summary>The application slot that the entry which counts names; -1 when none counts.</summary>
        public int Named
        {
            get
            {
                OtaEntry[] entries = ReadBoth();
                int active = ActiveOf(entries);
                return active < 0 ? -1 : SlotOf(entries[active]);
            }
        }

        /// <summary>The application slot that an entry names.</summary>
        public int SlotOf(OtaEntry entry)
        {
            return (int)((entry.Sequence - 1) % (uint)slots);
        }

        /// <summary>
        /// The state that otadata has for an application slot: of the entry that counts where it names this slot, or else of the newest
        /// that does.
        /// </summary>
        public OtaState StateOf(int slot)
        {
            OtaEntry[] entries = ReadBoth();
            int active = ActiveOf(entries);
            if (active >= 0 && SlotOf(entries[active]) == slot)
            {
                return entries[active].State;
            }

            OtaEntry newest = default;
            foreach (OtaEntry entry in entries)
            {
                if (entry.IsWhole && SlotOf(entry) == slot && entry.Sequence > newest.Sequence)
                {
                    newest = entry;
                }
            }

            return newest.Sequence == 0 ? OtaState.Undefined : newest.State;
        }

        /// <summary>esp_ota_set_boot_partition, the image having been verified: the entry that does not count is rewritten.</summary>
        public void SetBoot(int slot)
        {
            OtaEntry[] entries = ReadBoth();
            int active = ActiveOf(entries);
            if (active < 0)
            {
                Write(0, (uint)slot + 1, OtaState.New);
                return;
            }

            // The next number, from the active one on, that stands for this slot.
            uint sequence = entries[active].Sequence;
            while (sequence % (uint)slots != (uint)(slot + 1) % (uint)slots)
            {
                sequence++;
            }

            Write(1 - active, sequence, OtaState.New);
        }

        /// <summary>Sets the state of the entry that counts, as esp_ota_mark_app_valid_cancel_rollback and its opposite do.</summary>
        public void Mark(OtaState state)
        {
            OtaEntry[] entries = ReadBoth();
            int active = ActiveOf(entries);
            if (active >= 0 && entries[active].State != state)
            {
                Write(active, entries[active].Sequence, state);
            }
        }

        /// <summary>Rewrites an entry, with the right checksum.</summary>
        public void Write(int index, uint sequence, OtaState state)
        {
            Write(index, OtaEntry.Of(sequence, state));
        }

        /// <summary>Rewrites an entry: right or wrong, its checksum is written as it is.</summary>
        public void Write(int index, OtaEntry entry)
        {
            int at = offset + index * SectorLength;
            flash.Erase(at);
            flash.Program(at, entry.ToBytes());
            writes.Add();
        }

        // Of two entries the one that counts.
        internal static int ActiveOf(OtaEntry[] entries)
        {
            (OtaEntry a, OtaEntry b) = (entries[0], entries[1]);
            return a.IsUsable && b.IsUsable ? (a.Sequence >= b.Sequence ? 0 : 1) : a.IsUsable ? 0 : b.IsUsable ? 1 : -1;
        }

        // Both at once: a decision must not rest on two readings of what may read differently each time.
        private OtaEntry[] ReadBoth()
        {
            return [this[0], this[1]];
        }
    }
}

using nanoOta.VirtualDevice.Images;

namespace nanoOta.VirtualDevice.Boot
{
    /// <summary>The partitions that updates are about, found in a layout by type.</summary>
    public sealed class SlotMap
    {
        private const int RecordSectors = 2;

        /// <summary>Finds them.</summary>
        /// <exception cref="ArgumentException">The layout has no place for two deployments or for the slot record.</exception>
        public SlotMap(FlashLayout layout)
        {
            PartitionTable table = layout.Table;
            Firmware = [.. table.Partitions.Where(p => p.Type == PartitionTypes.App)];
            Deploy = [.. table.All(PartitionTypes.Data, PartitionTypes.Deploy)];
            Partition state = table.All(PartitionTypes.Data, PartitionTypes.OtaState).FirstOrDefault()
                ?? throw new ArgumentException($"Layout {layout.Name} has no ota_state partition.", nameof(layout));
            OtaData = table.All(PartitionTypes.Data, PartitionTypes.OtaData).FirstOrDefault();
            int[] sectors = [.. layout.Sectors.In(state.Offset, (uint)state.End)];
            uint behind = sectors.Length > RecordSectors ? (uint)sectors[RecordSectors] : (uint)state.End;
            Record = state with { Label = "record", Size = behind - state.Offset };
            Journal = table.All(PartitionTypes.Data, PartitionTypes.OtaJournal).FirstOrDefault()
                ?? state with { Label = "journal", Offset = behind, Size = (uint)state.End - behind };
            if (Deploy.Count != 2 || Firmware.Count is not (1 or 2))
            {
                throw new ArgumentException($"Layout {layout.Name} has {Firmware.Count} firmware and {Deploy.Count} deployment slots.", nameof(layout));
            }
        }

        /// <summary>Says that an image is larger than its slot, with both sizes; null when it is not.</summary>
        public static string? Misfit(Partition slot, int length, string what)
        {
            return length <= slot.Size ? null : $"The {what} has {length} bytes; its slot {slot.Label} has {slot.Size}.";
        }

        /// <summary>The slots of the firmware: one, which nothing updates, or two.</summary>
        public IReadOnlyList<Partition> Firmware { get; }

        /// <summary>The two deployment slots.</summary>
        public IReadOnlyList<Partition> Deploy { get; }

        /// <summary>otadata; null where there is one firmware slot.</summary>
        public Partition? OtaData { get; }

        /// <summary>Where the slot record lies: the first two sectors of <c>ota_state</c>.</summary>
        public Partition Record { get; }

        /// <summary>Where the journal lies: a partition of its own, or the rest of <c>ota_state</c>.</summary>
        public Partition Journal { get; }
    }
}

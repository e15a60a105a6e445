namespace nanoOta.VirtualDevice.Images
{
    /// <summary>What makes a partition table usable. Each rule answers with one sentence for each partition that breaks it.</summary>
    internal static class PartitionTableChecks
    {
        private const uint AppAlignment = 0x10000;
        private const uint SectorSize = 0x1000;
        private const uint OtaDataSize = 0x2000;
        private const uint ReadOnlyFlag = 2;
        private const uint LeastWritableNvs = 0x3000;

        public static IReadOnlyList<ImageCheck> Run(PartitionTable table, long? flashSize)
        {
            List<ImageCheck> checks =
            [
                .. ImageCheck.ForEach("Labels", [.. Labels(table)], "Every label is there once and fits."),
                .. ImageCheck.ForEach("Alignment", [.. Alignment(table)], "Applications begin at multiples of 0x10000, the others of 0x1000."),
                .. ImageCheck.ForEach("Overlap", [.. Overlap(table)], "No partition overlaps another or the table."),
                .. ImageCheck.ForEach("Read-only", [.. ReadOnly(table)], "What ESP-IDF writes is writable, and nvs large enough for it."),
                .. ImageCheck.ForEach("Required partitions", [.. Required(table)], "An application, a deployment and a config partition are there."),
            ];
            if (flashSize != null)
            {
                checks.AddRange(ImageCheck.ForEach("Flash size", [.. TooLarge(table, flashSize.Value)], $"Everything fits into 0x{flashSize:X} bytes."));
            }

            return checks;
        }

        private static IEnumerable<string> Labels(PartitionTable table)
        {
            foreach (Partition p in table.Partitions.Where(p => p.LabelLength is 0 or > Partition.MaximumLabel))
            {
                yield return $"Offset 0x{p.Offset:X}: the label '{p.Label}' has {p.LabelLength} bytes; 1 to {Partition.MaximumLabel} are possible.";
            }

            foreach (IGrouping<string, Partition> same in table.Partitions.GroupBy(p => p.Label).Where(g => g.Count() > 1))
            {
                yield return $"Offset 0x{same.Last().Offset:X}: the label '{same.Key}' is there {same.Count()} times.";
            }
        }

        private static IEnumerable<string> Alignment(PartitionTable table)
        {
            foreach (Partition p in table.Partitions)
            {
                uint wanted = p.Type == PartitionTypes.App ? AppAlignment : SectorSize;
                if (p.Offset % wanted != 0)
                {
                    yield return $"{p}: the offset 0x{p.Offset:X} is no multiple of 0x{wanted:X}.";
                }

                if (p.Type == PartitionTypes.App && p.Size % SectorSize != 0)
                {
                    yield return $"{p}: the size 0x{p.Size:X} is no multiple of 0x{SectorSize:X}.";
                }
            }
        }

        private static IEnumerable<string> Overlap(PartitionTable table)
        {
            Partition? last = null;
            foreach (Partition p in table.Partitions.OrderBy(p => p.Offset))
            {
                if (p.Offset < PartitionTable.FirstOffset && !PartitionTypes.IsPrimary(p))
                {
                    yield return $"{p}: begins below 0x{PartitionTable.FirstOffset:X}, where bootloader and table are.";
                }

                if (last != null && p.Offset < last.End)
                {
                    yield return $"{p}: overlaps {last}.";
                }

                last = last == null || p.End > last.End ? p : last;
            }
        }

        private static IEnumerable<string> ReadOnly(PartitionTable table)
        {
            foreach (Partition p in table.Partitions.Where(p => p.Type == PartitionTypes.Data))
            {
                bool isReadOnly = (p.Flags & ReadOnlyFlag) != 0;
                if (isReadOnly && p.Subtype is (PartitionTypes.OtaData or PartitionTypes.Coredump))
                {
                    yield return $"{p}: is flagged readonly, but ESP-IDF writes it.";
                }

                if (!isReadOnly && p.Subtype == PartitionTypes.Nvs && p.Size < LeastWritableNvs)
                {
                    yield return $"{p}: to write to it, nvs needs 0x{LeastWritableNvs:X} bytes; without them it must be flagged readonly.";
                }
            }
        }

        private static IEnumerable<string> TooLarge(PartitionTable table, long flashSize)
        {
            return table.Partitions.Where(p => p.End > flashSize).Select(p => $"{p}: ends beyond the flash of 0x{flashSize:X} bytes.");
        }

        private static IEnumerable<string> Required(PartitionTable table)
        {
            Partition[] otaData = [.. table.All(PartitionTypes.Data, PartitionTypes.OtaData)];
            if (!table.Partitions.Any(p => p.Type == PartitionTypes.App))
            {
                yield return "There is no application partition: no firmware can be installed.";
            }

            if (table.Partitions.Any(p => p.Type == PartitionTypes.App && p.Subtype is >= PartitionTypes.Ota0 and < PartitionTypes.Ota0 + 16) && otaData.Length == 0)
            {
                yield return "There are ota applications but no otadata partition (data, ota): the bootloader cannot choose.";
            }

            foreach (Partition[] same in new[] { otaData, [.. table.All(PartitionTypes.Data, PartitionTypes.TeeOtaData)] })
            {
                if (same.Length > 1 || same.Any(p => p.Size != OtaDataSize))
                {
                    yield return $"{same[^1]}: there must be one otadata partition, of 0x{OtaDataSize:X} bytes.";
                }
            }

            if (!table.All(PartitionTypes.Data, PartitionTypes.Deploy).Any())
            {
                yield return "There is no deployment partition (data, 0x84): nanoCLR finds no managed application.";
            }

            if (table.Find("config") is not { Type: PartitionTypes.Data })
            {
                yield return "There is no data partition labelled 'config': nanoCLR has no place for network settings and certificates.";
            }
        }
    }
}

namespace nanoOta.VirtualDevice.Deltas
{
    /// <summary>Rebuilds an image from its predecessor and a patch: the reference that the device's own reader is compared with.</summary>
    public static class PatchReader
    {
        /// <summary>Applies a patch. Every byte of it is judged; whether the result is the image, its SHA-256 tells.</summary>
        /// <param name="old">The predecessor.</param>
        /// <param name="parts">The new image's parts, from its manifest.</param>
        /// <param name="patch">The patch file.</param>
        /// <param name="fault">What is wrong, one sentence; null when the patch could be applied.</param>
        /// <returns>The new image; null with a fault.</returns>
        public static byte[]? Apply(byte[] old, IReadOnlyList<PartIdentity> parts, byte[] patch, out string? fault)
        {
            if (ImageParts.Read(old) is not { } oldParts)
            {
                fault = "The predecessor is no sequence of assemblies.";
                return null;
            }

            using var image = new MemoryStream();
            int at = 0;
            for (int i = 0; i < parts.Count; i++)
            {
                if (oldParts.Find(parts[i]) is { } same)
                {
                    image.Write(same.In(old));
                    continue;
                }

                int size = (int)parts[i].Size;
                for (int start = 0; start < size; start += PatchRecord.PieceLength)
                {
                    byte[]? piece = ReadRecord(patch, ref at, old, oldParts, start, Math.Min(PatchRecord.PieceLength, size - start), out fault);
                    if (piece == null)
                    {
                        fault = $"Offset 0x{at:X}, part {i} from 0x{start:X} on: {fault}";
                        return null;
                    }

                    image.Write(piece);
                }
            }

            fault = at == patch.Length ? null : $"Offset 0x{at:X}: {patch.Length - at} bytes behind the last record.";
            return fault == null ? image.ToArray() : null;
        }

        // Moves on behind the record when it is good.
        private static byte[]? ReadRecord(byte[] patch, ref int at, byte[] old, ImageParts oldParts, int start, int size, out string? fault)
        {
            ReadOnlySpan<byte> rest = patch.AsSpan(at);
            if (rest.Length < PatchRecord.HeadLength || PatchRecord.Read(rest) is not { } record)
            {
                fault = rest.Length < PatchRecord.HeadLength ? $"{rest.Length} bytes are left; a head has {PatchRecord.HeadLength}." : "the fourth byte is not 0, or the length is above 2147483647.";
                return null;
            }

            rest = rest[PatchRecord.HeadLength..];
            fault = record.Length > rest.Length ? $"it states {record.Length} bytes, and {rest.Length} are left."
                : record.Dictionary != PatchRecord.NoDictionary && record.Dictionary >= oldParts.Parts.Count ? $"its dictionary is part {record.Dictionary}, and the predecessor has {oldParts.Parts.Count}."
                : record.Method is not (PatchMethod.Stored or PatchMethod.Lz4) ? $"its method is {(int)record.Method}, which is not known."
                : record.Method == PatchMethod.Stored && record.Dictionary != PatchRecord.NoDictionary ? "what is stored has no dictionary."
                : record.Method == PatchMethod.Stored && record.Length != size ? $"{record.Length} bytes are stored, and the piece has {size}."
                : record.Method == PatchMethod.Lz4 && record.Length >= size ? $"a block of {record.Length} bytes for a piece of {size}: stored it would be smaller."
                : null;
            if (fault != null)
            {
                return null;
            }

            ReadOnlySpan<byte> dictionary = record.Dictionary == PatchRecord.NoDictionary ? [] : PatchRecord.DictionaryOf(oldParts.Parts[record.Dictionary].In(old), start);
            ReadOnlySpan<byte> content = rest[..record.Length];
            byte[]? piece = record.Method == PatchMethod.Stored ? content.ToArray() : Lz4Block.Decode(content, dictionary, size);
            if (piece == null)
            {
                fault = $"it is no LZ4 block that gives {size} bytes.";
                return null;
            }

            at += PatchRecord.HeadLength + record.Length;
            return piece;
        }
    }
}

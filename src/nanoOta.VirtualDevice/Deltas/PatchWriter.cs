namespace nanoOta.VirtualDevice.Deltas
{
    /// <summary>Makes patch files. The same images give the same bytes.</summary>
    public static class PatchWriter
    {
        /// <summary>Makes the patch from one image to another.</summary>
        /// <param name="old">The predecessor.</param>
        /// <param name="image">The new image.</param>
        /// <returns>The patch; empty when the predecessor holds all parts of the image.</returns>
        /// <exception cref="ArgumentException">One of them is no sequence of assemblies.</exception>
        public static byte[] Write(byte[] old, byte[] image)
        {
            return [.. ImageDiff.Of(old, image).Parts.SelectMany(part => part.Records)];
        }

        /// <summary>
        /// The records of a part, each the smallest that holds its piece: stored, LZ4, or LZ4 with the predecessor's part of the same name
        /// as dictionary; with none of that name, with whichever part helps most.
        /// </summary>
        internal static byte[] WriteRecords(ReadOnlySpan<byte> part, string name, byte[] old, ImageParts oldParts)
        {
            using var records = new MemoryStream();
            bool named = name.Length > 0 && oldParts.Parts.Any(candidate => candidate.Name == name);
            for (int start = 0; start < part.Length; start += PatchRecord.PieceLength)
            {
                ReadOnlySpan<byte> piece = part[start..Math.Min(part.Length, start + PatchRecord.PieceLength)];
                byte[] best = [.. new PatchRecord(PatchRecord.NoDictionary, PatchMethod.Stored, piece.Length).ToBytes(), .. piece];
                best = Smaller(best, piece, PatchRecord.NoDictionary, []);
                for (int i = 0; i < oldParts.Parts.Count; i++)
                {
                    if (!named || oldParts.Parts[i].Name == name)
                    {
                        best = Smaller(best, piece, (ushort)i, PatchRecord.DictionaryOf(oldParts.Parts[i].In(old), start));
                    }
                }

                records.Write(best);
            }

            return records.ToArray();
        }

        private static byte[] Smaller(byte[] best, ReadOnlySpan<byte> piece, ushort index, ReadOnlySpan<byte> dictionary)
        {
            byte[] block = Lz4Block.Encode(piece, dictionary);
            return PatchRecord.HeadLength + block.Length < best.Length ? [.. new PatchRecord(index, PatchMethod.Lz4, block.Length).ToBytes(), .. block] : best;
        }
    }
}

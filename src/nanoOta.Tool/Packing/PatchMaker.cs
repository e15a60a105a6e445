using nanoOta.VirtualDevice.Deltas;

namespace nanoOta.Tool.Packing
{
    /// <summary>Makes the patches of an image, and tells of those that would save nothing.</summary>
    internal static class PatchMaker
    {
        /// <summary>Gives an image patches.</summary>
        /// <param name="image">The image; others than sequences of assemblies stay as they are.</param>
        /// <param name="predecessors">What they are made from, the most useful first.</param>
        /// <param name="most">How many are kept at the most.</param>
        /// <param name="tell">Called with a sentence for each predecessor without a patch.</param>
        public static PackedImage WithPatches(PackedImage image, IEnumerable<Predecessor> predecessors, int most, Action<string> tell)
        {
            if (image.Delta is not { Parts: { } parts } delta)
            {
                return image;
            }

            List<PackedPatch> patches = [];
            foreach (Predecessor predecessor in predecessors)
            {
                if (predecessor.Parts.Id == parts.Id)
                {
                    tell($"No patch from {predecessor.Name}: it is this image.");
                    continue;
                }

                ImageDiff diff = ImageDiff.Of(predecessor.Bytes, image.Bytes);
                if (diff.Fetched == 0)
                {
                    tell($"No patch from {predecessor.Name}: it holds every assembly, so devices that run it fetch nothing.");
                }
                else if (diff.Patched >= diff.Fetched)
                {
                    tell($"No patch from {predecessor.Name}: it would have {diff.Patched} bytes, and the changed assemblies have {diff.Fetched}.");
                }
                else if (patches.Count == most)
                {
                    tell($"No patch from {predecessor.Name}: a manifest has at most {most}.");
                }
                else
                {
                    patches.Add(new PackedPatch(predecessor, [.. diff.Parts.SelectMany(part => part.Records)]));
                }
            }

            return image with { Delta = delta with { Patches = patches } };
        }
    }
}

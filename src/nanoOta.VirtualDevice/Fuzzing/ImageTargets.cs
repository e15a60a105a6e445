using System.Text;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.VirtualDevice.Fuzzing
{
    /// <summary>What the tool reads of files: images, partition tables.</summary>
    internal static class ImageTargets
    {
        public static IReadOnlyList<FuzzTarget> All { get; } =
        [
            new("image", 60, [SampleImages.Deployment(new(1, 1), SampleImages.DeploymentMinimum), SampleImages.Esp32("1.16.0.0", SampleImages.Esp32Minimum)], Identify),
            new("partition-table", 40, [.. FlashLayouts.All.Select(l => l.Table.ToBinary())], Identify),
            new("partition-csv", 40, [.. FlashLayouts.All.Select(l => Encoding.UTF8.GetBytes(l.Table.ToCsv()))], input =>
            {
                Identify(input);
                PartitionTableFile.FromCsv(Encoding.Latin1.GetString(input));
            }),
        ];

        private static void Identify(byte[] input)
        {
            ImageReport report = ImageFile.Identify(input);
            if (report.Checks.Any(check => check.Sentence.Length == 0))
            {
                throw new FuzzException("a check without a sentence");
            }
        }
    }
}

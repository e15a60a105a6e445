namespace nanoOta.VirtualDevice.Images
{
    /// <summary>One thing that was looked at in an image, and what was found.</summary>
    /// <param name="Name">Short and stable, for tables and tests: "Header CRC", "SHA-256".</param>
    /// <param name="Ok">Whether the check holds.</param>
    /// <param name="Sentence">What was found, in English, with the offset in the image where there is one.</param>
    public sealed record ImageCheck(string Name, bool Ok, string Sentence)
    {
        /// <summary>A check with one sentence for each outcome.</summary>
        internal static ImageCheck Of(string name, bool ok, string whenOk, string whenNot)
        {
            return new ImageCheck(name, ok, ok ? whenOk : whenNot);
        }

        /// <summary>One failed check for each failure; a single one that holds when there is none.</summary>
        internal static IEnumerable<ImageCheck> ForEach(string name, IReadOnlyCollection<string> failures, string whenOk)
        {
            return failures.Count == 0
                ? [new ImageCheck(name, true, whenOk)]
                : failures.Select(failure => new ImageCheck(name, false, failure));
        }
    }
}

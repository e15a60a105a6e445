namespace nanoOta.Tests.Documents
{
    /// <summary>A page with parts that are made from the code. With <c>NANOOTA_WRITE_PAGES</c> set they are written instead of compared.</summary>
    internal static class MadePage
    {
        /// <summary>Compares the part between <c>made from NAME</c> and <c>end of NAME</c>.</summary>
        public static void Check(string path, string name, string made)
        {
            string page = Checkout.Text(path);
            string begin = $"<!-- made from {name} -->\n", end = $"<!-- end of {name} -->\n";
            int from = page.IndexOf(begin, StringComparison.Ordinal) + begin.Length, to = page.IndexOf(end, StringComparison.Ordinal);
            Assert.InRange(from, begin.Length, to);
            if (Environment.GetEnvironmentVariable("NANOOTA_WRITE_PAGES") != null)
            {
                File.WriteAllText(Path.Combine(Checkout.Root, path), page[..from] + made + page[to..]);
                return;
            }

            Assert.Equal(made, page[from..to]);
        }
    }
}

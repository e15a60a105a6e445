namespace nanoOta.Tests.Agent
{
    /// <summary>The table of <see cref="RetryRule"/>, code by code.</summary>
    public class RetryRuleTests
    {
        private static readonly int[] _network = [.. Enumerable.Range(500, 18)];
        private static readonly int[] _document = [102, .. Enumerable.Range(200, 4), .. Enumerable.Range(400, 8), .. _network];
        private static readonly int[] _image = [602, 603, 604, 605, 608];
        private static readonly int[] _spoilt = [514, 601, .. _image];
        private static readonly int[] _device = [408, 600, 601, 606, 620, 703, 704, 900, 901, 902];

        [Fact]
        public void Each_code_is_under_the_rule_of_its_row()
        {
            Assert.Equal(_network, Codes(RetryRule.IsOfNetwork));
            Assert.Equal(_document, Codes(RetryRule.IsOfDocument));
            Assert.Equal(_image, Codes(RetryRule.IsOfImage));
            Assert.Equal(_spoilt, Codes(RetryRule.SpoilsContent));
            Assert.Equal(_device, Codes(RetryRule.IsOfDevice));

            static int[] Codes(Func<ResultCode, bool> rule) => [.. Enum.GetValues<ResultCode>().Where(rule).Select(code => (int)code)];
        }
    }
}

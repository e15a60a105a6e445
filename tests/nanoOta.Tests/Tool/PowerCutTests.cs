using nanoOta.VirtualDevice.Cloud;

namespace nanoOta.Tests.Tool
{
    public sealed class PowerCutTests : IDisposable
    {
        private const int Size = 200000;

        private readonly Workshop _workshop = new();

        public void Dispose()
        {
            _workshop.Dispose();
        }

        [Fact]
        public void A_cut_at_any_operation_is_survived_and_the_next_run_carries_on()
        {
            string device = Prepare(out long manifest);
            long operations = (long)_workshop.Request(_workshop.Copy(device), "1.1.0").Last["flashOps"]!;
            Assert.InRange(operations, 100, 150);
            for (long cut = 1; cut <= operations; cut += 3)
            {
                string cutOff = _workshop.Copy(device);
                ToolResult first = _workshop.Request(cutOff, "1.1.0", "--cut-after", $"{cut}");
                Assert.True(first.ExitCode == 9, first.Output);
                Assert.Equal($$"""{"event":"cut","operation":{{cut}}}""", first.Last.ToJsonString());
                Assert.DoesNotContain(first.Events, e => (string?)e["state"] == "rolling back");
                _workshop.Requests.Clear();
                ToolResult second = _workshop.Request(cutOff, "1.1.0");
                Assert.True((second.ExitCode, (string?)second.Last["version"]) == (0, "1.1.0"), $"cut at {cut}\n{second.Output}");

                // A checkpoint each 64 KiB, and the block that was under way.
                int resumedAt = _workshop.Requests.FirstOrDefault(request => request.Path.EndsWith(".bin", StringComparison.Ordinal))?.Offset ?? Size;
                Assert.InRange((long)second.Last["bytesFetched"]!, 0, manifest + Size - resumedAt);
                Assert.True(resumedAt >= (cut / 2 - 20) * 4096, $"cut at {cut}, carried on at {resumedAt}");
            }
        }

        [Fact]
        public void A_cut_beyond_the_last_operation_does_not_happen()
        {
            string device = Prepare(out _);
            long operations = (long)_workshop.Request(_workshop.Copy(device), "1.1.0").Last["flashOps"]!;
            ToolResult run = _workshop.Request(_workshop.Copy(device), "1.1.0", "--cut-after", $"{operations + 1}");
            Assert.Equal((0, operations), (run.ExitCode, (long)run.Last["flashOps"]!));
            Assert.Equal(9, _workshop.Request(_workshop.Copy(device), "1.1.0", "--cut-after", $"{operations}").ExitCode);
        }

        [Fact]
        public void The_same_cut_of_the_same_device_leaves_the_same_flash()
        {
            string device = Prepare(out _);
            foreach (long cut in new long[] { 50, 51, 52, 53, 54 })
            {
                byte[][] flashes = [.. Enumerable.Range(0, 2).Select(_ =>
                {
                    string copy = _workshop.Copy(device);
                    Assert.Equal(9, _workshop.Request(copy, "1.1.0", "--cut-after", $"{cut}").ExitCode);
                    return File.ReadAllBytes(Path.Combine(copy, "flash.bin"));
                })];
                Assert.Equal(flashes[0], flashes[1]);
            }
        }

        [Fact]
        public void As_text_the_cut_is_told()
        {
            string device = Prepare(out _);
            string twin = _workshop.Write("update request.json", $$"""{"updateVersion":"1.1.0","updateUrl":"{{_workshop.Container}}"}""");
            ToolResult run = ToolResult.Of("device", "run", "--state", device, "--twin", twin, "--cut-after", "40");
            Assert.EndsWith("  The power was cut at flash operation 40.\n", run.Output);
        }

        private string Prepare(out long manifest)
        {
            string image = _workshop.Image("1.1.0", Size);
            Assert.Equal(0, ToolResult.Of("pack", image, "--version", "1.1.0", "--out", _workshop.PathOf("firmware")).ExitCode);
            manifest = 2 * new FileInfo(_workshop.PathOf("firmware/v1_1_0.json")).Length;
            return _workshop.Device();
        }
    }
}

using System.Net;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace nanoOta.Hub.Tests
{
    /// <summary>The page in a real browser. <c>NANOOTA_SCREENSHOTS</c> names a folder for pictures of it.</summary>
    public sealed class PageTests : IAsyncLifetime
    {
        private const int Kilobyte = 1024;

        // Milliseconds, for what takes a fraction of a second on a machine that has nothing else to do; Playwright's own are 5 s and 30 s.
        private const float Patience = 120_000;
        private readonly PageScene _scene = new();
        private readonly List<string> _problems = [];
        private IPlaywright _playwright = null!;
        private IBrowser _browser = null!;

        public async ValueTask InitializeAsync()
        {
            _playwright = await Playwright.CreateAsync();
            _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox"], Timeout = Patience });
            Assertions.SetDefaultExpectTimeout(Patience);
        }

        public async ValueTask DisposeAsync()
        {
            await _browser.CloseAsync();
            _playwright.Dispose();
            _scene.Dispose();
        }

        [Fact]
        public async Task A_thousand_devices_are_summed_up_with_failures_by_name()
        {
            IPage page = await OpenAsync();
            Assert.Equal("1,000", await page.Locator("[data-kind=all] b").TextContentAsync());
            Assert.Equal("30", await page.Locator("[data-kind=failed] b").TextContentAsync());
            Assert.Equal("70", await page.Locator("[data-kind=busy] b").TextContentAsync());
            Assert.Equal("1,000", await page.Locator("[data-kind=online] b").TextContentAsync());
            string failures = await page.Locator("#failures").InnerTextAsync();
            Assert.Contains("SelfTestFailed (700)", failures);
            Assert.Contains("Rolled back: the self-test failed.", failures);
            Assert.Equal(["1.4.0", "1.3.0"], await page.Locator("#legend span").AllTextContentsAsync());
            Assert.Equal(100, await page.Locator("#rows tr").CountAsync());
            Assert.StartsWith("washer-0000", await page.Locator("#rows tr").First.InnerTextAsync());
            await PictureAsync(page, "light");
            Assert.Empty(_problems);
        }

        [Fact]
        public async Task What_a_device_reports_shows_without_a_reload()
        {
            IPage page = await OpenAsync();
            _scene.Report(500, "1.4.0", 701, "idle");
            await Assertions.Expect(page.Locator("#failures")).ToContainTextAsync("TrialCrashed (701)");
            await Assertions.Expect(page.Locator("[data-kind=failed] b")).ToHaveTextAsync("31");
            _scene.Hub.DeleteDevice("washer-0999", "*");
            await Assertions.Expect(page.Locator("[data-kind=all] b")).ToHaveTextAsync("999");
            Assert.Empty(_problems);
        }

        [Fact]
        public async Task Filters_and_search_narrow_the_list_and_Clear_shows_all()
        {
            IPage page = await OpenAsync();
            await page.Locator("[data-kind=failed]").ClickAsync();
            await Assertions.Expect(page.Locator("#count")).ToHaveTextAsync("30 of 1,000");
            await page.GetByLabel("Group").SelectOptionAsync("canary");
            await Assertions.Expect(page.Locator("#count")).ToHaveTextAsync("2 of 1,000");
            await page.GetByRole(AriaRole.Button, new() { Name = "Clear" }).ClickAsync();
            await Assertions.Expect(page.Locator("#count")).ToHaveTextAsync("1,000 devices");
            await page.GetByLabel("Search").FillAsync("washer-012");
            await Assertions.Expect(page.Locator("#count")).ToHaveTextAsync("10 of 1,000");
            await page.GetByLabel("Search").FillAsync("no such device");
            await Assertions.Expect(page.Locator("#none")).ToBeVisibleAsync();
            Assert.Empty(_problems);
        }

        [Fact]
        public async Task A_device_opens_with_its_history_and_Escape_leads_back_to_it()
        {
            _scene.Board.History("washer-0700");
            _scene.Report(700, "1.4.0", null, "downloading");
            IPage page = await OpenAsync();
            await page.GetByLabel("Search").FillAsync("washer-0700");
            ILocator device = page.GetByRole(AriaRole.Button, new() { Name = "washer-0700" });
            await device.ClickAsync();
            await Assertions.Expect(page.Locator("dialog")).ToBeVisibleAsync();
            await Assertions.Expect(page.Locator("#history")).ToContainTextAsync("Downloading, to 1.4.0.");
            await PictureAsync(page, "history");
            await page.Keyboard.PressAsync("Escape");
            await Assertions.Expect(page.Locator("dialog")).ToBeHiddenAsync();
            await Assertions.Expect(device).ToBeFocusedAsync();
            Assert.Empty(_problems);
        }

        [Fact]
        public async Task It_fits_a_phone_is_light_and_asks_no_other_host()
        {
            IPage page = await _browser.NewPageAsync(new() { ViewportSize = new() { Width = 360, Height = 740 }, ColorScheme = ColorScheme.Dark });
            var hosts = new HashSet<string>();
            page.Request += (_, request) => hosts.Add(new Uri(request.Url).Authority);
            await LoadAsync(page);
            Assert.Equal([new Uri(_scene.Url).Authority], hosts.Where(host => host.Length > 0));
            Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"));
            long bytes = await page.EvaluateAsync<long>("performance.getEntries().filter(e => e.transferSize !== undefined).reduce((sum, e) => sum + e.transferSize, 0)");
            Assert.InRange(bytes, 1, 20 * Kilobyte);
            await PictureAsync(page, "phone-dark");
            using var http = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None });
            http.DefaultRequestHeaders.Add("Accept-Encoding", "gzip");
            using HttpResponseMessage events = await http.GetAsync($"{_scene.Url}.page/events", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
            await using Stream stream = await events.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
            var buffer = new byte[64 * Kilobyte];
            int length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, new CancellationTokenSource(TimeSpan.FromSeconds(2)).Token).AsTask().ContinueWith(task => task.IsCanceled ? -1 : task.Result, TaskScheduler.Default);
            Assert.Equal(-1, length);
            Assert.Empty(_problems);
        }

        [Theory]
        [InlineData(ColorScheme.Light)]
        [InlineData(ColorScheme.Dark)]
        public async Task It_is_accessible_in_light_and_in_dark(ColorScheme scheme)
        {
            IPage page = await _browser.NewPageAsync(new() { ColorScheme = scheme, ViewportSize = new() { Width = 1280, Height = 900 } });
            await LoadAsync(page);
            await PictureAsync(page, $"{scheme}".ToLowerInvariant());
            AxeResult all = await page.RunAxe();
            Assert.Equal("", string.Join('\n', all.Violations.Select(violation => $"{violation.Id}: {violation.Help} {string.Join(" | ", violation.Nodes.Select(node => node.Html))}")));
            await page.Locator("[data-device]").First.ClickAsync();
            await Assertions.Expect(page.Locator("#history li")).Not.ToHaveCountAsync(0);
            AxeResult dialog = await page.RunAxe();
            Assert.Equal("", string.Join('\n', dialog.Violations.Select(violation => $"{violation.Id}: {violation.Help}")));
        }

        [Fact]
        public async Task Hostile_names_are_text()
        {
            _scene.Hub.PatchTwin("washer-0001", new System.Text.Json.Nodes.JsonObject { ["tags"] = new System.Text.Json.Nodes.JsonObject { ["group"] = "<img src=x onerror=document.title='bad'>" } }, null);
            IPage page = await OpenAsync();
            await page.GetByLabel("Search").FillAsync("onerror");
            await Assertions.Expect(page.Locator("#rows")).ToContainTextAsync("<img src=x");
            Assert.Equal("nanoOta fleet", await page.TitleAsync());
            Assert.Empty(_problems);
        }

        [Fact]
        public async Task A_version_with_the_name_of_a_member_of_every_object_is_counted_like_any_other()
        {
            IPage page = await OpenAsync();
            _scene.Report(500, "constructor", 1, "idle");
            _scene.Report(501, "__proto__", 1, "toString");
            await Assertions.Expect(page.Locator("#legend")).ToContainTextAsync("__proto__");
            await Assertions.Expect(page.Locator("#legend")).ToContainTextAsync("constructor");
            await Assertions.Expect(page.Locator("#chart polygon")).ToHaveCountAsync(4);
            Assert.DoesNotContain("NaN", await page.Locator("#chart").InnerHTMLAsync());
            Assert.Empty(_problems);
        }

        private async Task<IPage> OpenAsync()
        {
            IPage page = await _browser.NewPageAsync(new() { ViewportSize = new() { Width = 1280, Height = 900 }, Locale = "en-US" });
            await LoadAsync(page);
            return page;
        }

        private async Task LoadAsync(IPage page)
        {
            page.SetDefaultTimeout(Patience);
            page.Console += (_, message) =>
            {
                if (message.Type is "error" or "warning")
                {
                    _problems.Add(message.Text);
                }
            };
            page.PageError += (_, error) => _problems.Add(error);
            await page.GotoAsync(_scene.Url, new() { WaitUntil = WaitUntilState.DOMContentLoaded });
            await Assertions.Expect(page.Locator("#live")).ToHaveTextAsync("live");
            await Assertions.Expect(page.Locator("#count")).ToContainTextAsync("devices");
            await Assertions.Expect(page.Locator("[data-kind=failed] b")).ToHaveTextAsync(PageScene.Failed.ToString());
        }

        private static async Task PictureAsync(IPage page, string name)
        {
            if (Environment.GetEnvironmentVariable("NANOOTA_SCREENSHOTS") is { Length: > 0 } folder)
            {
                await page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png"), FullPage = false });
            }
        }
    }
}

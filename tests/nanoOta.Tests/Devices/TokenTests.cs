namespace nanoOta.Tests.Devices
{
    /// <summary>A shared access signature goes to the place it was given for and to no other.</summary>
    public class TokenTests
    {
        private readonly List<string> _urls = [];

        [Fact]
        public void An_inline_update_brings_its_own_token()
        {
            Run(Inline("https://other.example/a.bin", ",\"sas\":\"sig=inline\""), "\"updateToken\":\"sig=container\",");
            Assert.Equal(["https://other.example/a.bin?sig=inline"], _urls.Distinct());
        }

        [Theory]
        [InlineData("\"updateToken\":\"sig=container\",")]
        [InlineData("\"updateUrl\":\"https://files.example/c?sig=container\",")]
        [InlineData("\"updateToken\":\"sig=container\",\"updateUrl\":\"https://files.example/c\",")]
        public void The_container_s_token_is_never_sent_with_an_inline_update(string more)
        {
            Run(Inline("https://other.example/a.bin", ""), more);
            Assert.Equal(["https://other.example/a.bin"], _urls.Distinct());
        }

        [Theory]
        [InlineData("\"updateUrl\":\"https://files.example/c?sig=url\"", "sig=url")]
        [InlineData("\"updateUrl\":\"https://files.example/c/?sig=url\"", "sig=url")]
        [InlineData("\"updateUrl\":\"https://files.example/c\",\"updateToken\":\"?sig=own\"", "sig=own")]
        [InlineData("\"updateUrl\":\"https://files.example/c?sig=url\",\"updateToken\":\"sig=own\"", "sig=own")]
        [InlineData("\"updateToken\":\"sig=own\",\"updateUrl\":\"https://files.example/c?sig=url\"", "sig=own")]
        public void A_container_s_token_comes_with_its_URL_or_by_itself(string desired, string token)
        {
            Run("\"updateVersion\":\"1.1.0\"," + desired, "");
            Assert.Equal(["https://files.example/c/v1_1_0.json?" + token], _urls.Distinct());
        }

        [Fact]
        public void Mirrors_on_other_hosts_or_by_another_scheme_do_not_see_the_token()
        {
            string[] mirrors = ["https://files.example/x.bin", "http://files.example/x.bin", "https://files.example:8443/x.bin", "https://files.example.evil/x.bin"];
            var rig = new Rig();
            rig.Server.OnOpen = (url, _) =>
            {
                _urls.Add(url);
                return url.Contains(".bin") ? ResultCode.NotFound : ResultCode.None;
            };
            string hash = new('1', 64);
            rig.Server.Put("https://files.example/c/v1_1_0.json", System.Text.Encoding.UTF8.GetBytes(
                $$"""{"schema":1,"version":"1.1.0","components":[{"id":"mcu","version":"2.0.0","size":9,"sha256":"{{hash}}","urls":["{{string.Join("\",\"", mirrors)}}"]}]}"""));
            rig.Channel.Desired = _ => """{"updateVersion":"1.1.0","updateUrl":"https://files.example/c","updateToken":"sig=x"}""";
            rig.Boot().Run();
            Assert.Equal(ResultCode.NotFound, rig.Status.LastCode);
            Assert.Equal(["https://files.example/c/v1_1_0.json?sig=x", mirrors[0] + "?sig=x", .. mirrors[1..]], _urls.Distinct());
        }

        private static string Inline(string url, string more)
        {
            return $$"""
                "update":{"version":"1.1.0","url":"{{url}}","size":20000,"sha256":"{{new string('1', 64)}}"{{more}} }
                """;
        }

        // In either order: the twin's own is not the device's business.
        private void Run(string request, string more)
        {
            foreach (string desired in new[] { "{" + more + request + "}", more.Length == 0 ? "{" + request + "}" : "{" + request + "," + more.TrimEnd(',') + "}" })
            {
                _urls.Clear();
                var bench = new Bench { Desired = desired };
                bench.Server.OnOpen = (url, _) =>
                {
                    _urls.Add(url);
                    return ResultCode.NotFound;
                };
                bench.Run();
                Assert.Equal(ResultCode.NotFound, bench.Status.LastCode);
            }
        }
    }
}

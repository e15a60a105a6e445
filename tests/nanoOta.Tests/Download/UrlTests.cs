namespace nanoOta.Tests.Download
{
    public class UrlTests
    {
        [Theory]
        [InlineData("http://a/")]
        [InlineData("https://contoso.blob.core.windows.net/firmware/v1_1_0.json?sv=1&sig=a%2Fb")]
        [InlineData("HTTPS://Example.COM")]
        [InlineData("http://192.168.1.10:8080/x")]
        [InlineData("http://[fe80::1]:8080/x")]
        [InlineData("http://my_host/@x")]
        [InlineData("https://host?x=y@z")]
        public void An_absolute_http_URL_with_a_host_is_taken(string url)
        {
            Assert.True(Url.IsAbsolute(url));
        }

        [Theory]
        [InlineData(null)]
        [InlineData("")]
        [InlineData("http://")]
        [InlineData("https://")]
        [InlineData("http:///path")]
        [InlineData("http://:80/")]
        [InlineData("http://?x")]
        [InlineData("https:/host/x")]
        [InlineData("//host/x")]
        [InlineData("ftp://host/x")]
        [InlineData("file:///etc/passwd")]
        [InlineData("host/x")]
        [InlineData(" https://host/x")]
        [InlineData("https://host/a b")]
        [InlineData("https://host/a\tb")]
        [InlineData("https://host/a\r\nHost: evil")]
        [InlineData("https://host/a\0b")]
        [InlineData("https://host/\u00e4")]
        [InlineData("https://host/#fragment")]
        [InlineData("https://user@host/")]
        [InlineData("https://user:password@host/")]
        [InlineData("https://good.example\\@evil.example/")]
        [InlineData("https://good.example%2eevil.example/")]
        [InlineData("https://good.example;evil.example/")]
        [InlineData("https://good.example,evil.example/")]
        [InlineData("https://good.example&evil.example/")]
        [InlineData("https://{host}/")]
        public void Anything_else_is_not(string? url)
        {
            Assert.False(Url.IsAbsolute(url));
        }

        [Fact]
        public void A_URL_of_2048_characters_is_taken_and_a_longer_one_is_not()
        {
            string url = "https://host/" + new string('a', Url.MaxLength - 13);
            Assert.True(Url.IsAbsolute(url));
            Assert.False(Url.IsAbsolute(url + "a"));
            Assert.False(Url.IsReference(url[13..] + new string('a', 14)));
        }

        [Theory]
        [InlineData("https://Host.Example/Path", "host.example")]
        [InlineData("http://host:8080?x", "host:8080")]
        [InlineData("http://host", "host")]
        [InlineData("https://host?x=http://other/", "host")]
        [InlineData("https://host:443/x", "host")]
        [InlineData("http://host:80", "host")]
        [InlineData("https://host:80/x", "host:80")]
        [InlineData("http://host:443/x", "host:443")]
        [InlineData("https://host:8443/x", "host:8443")]
        public void The_host_is_what_stands_before_path_and_query_without_the_port_that_goes_without_saying(string url, string host)
        {
            Assert.Equal(host, Url.HostOf(url));
        }

        [Theory]
        [InlineData("https://h/c/v1.json", "v1.bin", "https://h/c/v1.bin")]
        [InlineData("https://h/c/", "v1.bin", "https://h/c/v1.bin")]
        [InlineData("https://h/c/v1.json?sig=a/b", "v1.bin", "https://h/c/v1.bin")]
        [InlineData("https://h", "v1.bin", "https://h/v1.bin")]
        [InlineData("https://h?x=/y", "v1.bin", "https://h/v1.bin")]
        [InlineData("https://h/c/d/e", "/v1.bin", "https://h/v1.bin")]
        [InlineData("https://h/c/", "http://other/x", "http://other/x")]
        [InlineData("https://h/c/", "HTTPS://other/x", "HTTPS://other/x")]
        [InlineData("https://h/c/", "sub/x", "https://h/c/sub/x")]
        [InlineData("https://h/c/v1.json?sig=a", "#part", "https://h/c/v1.json")]
        [InlineData("https://h/c/", "x#part", "https://h/c/x")]
        public void References_are_relative_to_their_document(string document, string reference, string url)
        {
            Assert.Equal(url, Url.Resolve(document, reference));
        }

        // The examples of RFC 3986, sections 5.4.1 and 5.4.2, without those of other schemes; a fragment is dropped.
        [Theory]
        [InlineData("g", "http://a/b/c/g")]
        [InlineData("./g", "http://a/b/c/g")]
        [InlineData("g/", "http://a/b/c/g/")]
        [InlineData("/g", "http://a/g")]
        [InlineData("//g", "http://g")]
        [InlineData("?y", "http://a/b/c/d;p?y")]
        [InlineData("g?y", "http://a/b/c/g?y")]
        [InlineData("g#s", "http://a/b/c/g")]
        [InlineData("g?y#s", "http://a/b/c/g?y")]
        [InlineData(";x", "http://a/b/c/;x")]
        [InlineData("g;x", "http://a/b/c/g;x")]
        [InlineData("g;x?y#s", "http://a/b/c/g;x?y")]
        [InlineData(".", "http://a/b/c/")]
        [InlineData("./", "http://a/b/c/")]
        [InlineData("..", "http://a/b/")]
        [InlineData("../", "http://a/b/")]
        [InlineData("../g", "http://a/b/g")]
        [InlineData("../..", "http://a/")]
        [InlineData("../../", "http://a/")]
        [InlineData("../../g", "http://a/g")]
        [InlineData("../../../g", "http://a/g")]
        [InlineData("../../../../g", "http://a/g")]
        [InlineData("/./g", "http://a/g")]
        [InlineData("/../g", "http://a/g")]
        [InlineData("g.", "http://a/b/c/g.")]
        [InlineData(".g", "http://a/b/c/.g")]
        [InlineData("g..", "http://a/b/c/g..")]
        [InlineData("..g", "http://a/b/c/..g")]
        [InlineData("./../g", "http://a/b/g")]
        [InlineData("./g/.", "http://a/b/c/g/")]
        [InlineData("g/./h", "http://a/b/c/g/h")]
        [InlineData("g/../h", "http://a/b/c/h")]
        [InlineData("g;x=1/./y", "http://a/b/c/g;x=1/y")]
        [InlineData("g;x=1/../y", "http://a/b/c/y")]
        [InlineData("g?y/./x", "http://a/b/c/g?y/./x")]
        [InlineData("g?y/../x", "http://a/b/c/g?y/../x")]
        [InlineData("g#s/../x", "http://a/b/c/g")]
        public void A_reference_resolves_as_in_the_examples_of_the_standard(string reference, string url)
        {
            Assert.Equal(url, Url.Resolve("http://a/b/c/d;p?q", reference));
        }

        [Theory]
        [InlineData("../../x")]
        [InlineData("/\\evil.example/x")]
        [InlineData(".evil.example/x")]
        [InlineData("@evil.example/x")]
        [InlineData(":8080/x")]
        public void No_reference_but_one_with_a_host_of_its_own_leads_to_another_host(string reference)
        {
            foreach (string document in new[] { "https://h.example/c/v1.json?sig=x", "https://h.example", "https://h.example?x" })
            {
                // Or it is no URL that is asked for at all.
                string url = Url.Resolve(document, reference);
                Assert.True(!Url.IsAbsolute(url) || Url.HostOf(url) == "h.example", url);
            }
        }

        [Theory]
        [InlineData("ftp://evil.example/x")]
        [InlineData("https:evil.example/x")]
        [InlineData("mailto:a@evil.example")]
        [InlineData("file:///x")]
        public void A_reference_with_another_scheme_is_no_path_and_leads_nowhere(string reference)
        {
            Assert.Equal(reference, Url.Resolve("https://h.example/c/v1.json", reference));
            Assert.False(Url.IsAbsolute(reference));
        }

        [Theory]
        [InlineData("https://h/x", null, "https://h/x")]
        [InlineData("https://h/x", "", "https://h/x")]
        [InlineData("https://h/x", "?sig=a", "https://h/x?sig=a")]
        [InlineData("https://h/x", "sig=a", "https://h/x?sig=a")]
        [InlineData("https://h/x?y", "&sig=a", "https://h/x?y&sig=a")]
        public void A_query_is_put_behind_the_one_that_is_there(string url, string? query, string with)
        {
            Assert.Equal(with, Url.AddQuery(url, query));
        }

        [Theory]
        [InlineData("https://h/x", "https://H/y?z", true)]
        [InlineData("https://h/x", "https://h:443/y", true)]
        [InlineData("http://h:80/x", "http://h/y", true)]
        [InlineData("https://h/x", "https://h:80/x", false)]
        [InlineData("https://h/x", "http://h/x", false)]
        [InlineData("https://h/x", "https://h:444/x", false)]
        [InlineData("https://h/x", "https://h.evil/x", false)]
        [InlineData("https://h/x", null, false)]
        public void A_secret_may_go_to_the_same_host_by_the_same_scheme(string a, string? b, bool same)
        {
            Assert.Equal(same, Url.IsSameOrigin(a, b));
        }
    }
}

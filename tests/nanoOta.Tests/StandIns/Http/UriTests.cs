namespace nanoOta.Tests.StandIns.Http
{
    /// <summary>How the device takes a URI apart: System.Net.Http a37532d0, System.Uri.cs.</summary>
    public sealed class UriTests
    {
        [Theory]
        [InlineData("http://h", "h", 80, "/", "http://h/")]
        [InlineData("HTTPS://Host.Example:8443/A/%41?x=1#f", "Host.Example", 8443, "/A/%41?x=1", "https://Host.Example:8443/A/%41?x=1#f")]
        [InlineData("https://h:443/a/../b", "h", 443, "/a/../b", "https://h/a/../b")]
        [InlineData(" http://h?q=/@:1 ", "h", 80, "/?q=/@:1", "http://h/?q=/@:1")]
        [InlineData("http://u:p@h:8/x", "h", 8, "/x", "http://u:p@h:8/x")]
        [InlineData("http://h/a b", "h", 80, "/a b", "http://h/a b")]
        [InlineData("http://h:99999/", "h", 99999, "/", "http://h:99999/")]
        public void A_URI_is_split_and_nothing_in_it_is_changed(string text, string host, int port, string path, string absolute)
        {
            DeviceUri uri = new(text);
            Assert.Equal(
                (host, port, path, absolute, text),
                (uri.Host, uri.Port, uri.PathAndQuery, uri.AbsoluteUri, uri.OriginalString));
        }

        [Fact]
        public void An_at_in_the_path_makes_a_user_of_all_before_it()
        {
            DeviceUri uri = new("http://h/a@b");
            Assert.Equal(("h", "/a@b", "h/a", "http://h/a@h/a@b"), (uri.Host, uri.AbsolutePath, uri.UserInfo, uri.AbsoluteUri));
        }

        [Theory]
        [InlineData("")]
        [InlineData("v1.bin")]
        [InlineData("http:")]
        [InlineData("http:/h/x")]
        [InlineData("1http://h/")]
        [InlineData("ht tp://h/")]
        public void What_is_no_absolute_URI_is_refused(string text)
        {
            Assert.ThrowsAny<ArgumentException>(() => new DeviceUri(text));
        }

        [Theory]
        [InlineData("http://h:x/", typeof(FormatException))]
        [InlineData("http://h:/", typeof(FormatException))]
        [InlineData("http://h:2147483648/", typeof(ArgumentOutOfRangeException))]
        public void A_port_that_is_no_number_fails_otherwise(string text, Type failure)
        {
            Assert.Throws(failure, () => new DeviceUri(text));
        }

        [Theory]
        [InlineData("http://h/c/v1.json?s", "v1.bin", "http://h/c/v1.bin")]
        [InlineData("http://h/c/v1.json", "/v1.bin", "http://h/v1.bin")]
        [InlineData("http://h/c/", "d/v1.bin", "http://h/c/d/v1.bin")]
        [InlineData("http://h/c/", "../v1.bin", "http://h/c/../v1.bin")]
        [InlineData("http://h/c/", "https://i/v1.bin", "https://i/v1.bin")]
        [InlineData("http://h/c?s", null, "http://h/c?s")]
        public void A_reference_is_glued_to_its_base(string text, string? reference, string expected)
        {
            Assert.Equal(expected, new DeviceUri(new DeviceUri(text), reference!).AbsoluteUri);
        }

        [Fact]
        public void A_relative_URI_has_no_parts()
        {
            DeviceUri uri = new("a/b", UriKind.Relative);
            Assert.False(uri.IsAbsoluteUri);
            Assert.Equal("a/b", uri.OriginalString);
            Assert.Throws<InvalidOperationException>(() => uri.Host);
            Assert.Throws<FormatException>(() => new DeviceUri("a%zz", UriKind.Relative));
            Assert.Throws<FormatException>(() => new DeviceUri("a/b", UriKind.Absolute));
            Assert.True(new DeviceUri("http://h/", UriKind.RelativeOrAbsolute).IsAbsoluteUri);
        }

        [Theory]
        [InlineData("http://10.0.0.1/", UriHostNameType.IPv4)]
        [InlineData("http://10.0.0.256/", UriHostNameType.Dns)]
        [InlineData("http://[::1]:80/", UriHostNameType.IPv6)]
        [InlineData("http://h/", UriHostNameType.Dns)]
        [InlineData("http:///", UriHostNameType.Unknown)]
        public void A_host_is_an_address_or_a_name(string text, UriHostNameType expected)
        {
            Assert.Equal(expected, new DeviceUri(text).HostNameType);
        }

        [Fact]
        public void Two_URIs_are_equal_when_their_paths_are()
        {
            Assert.True(new DeviceUri("http://a/x?1") == new DeviceUri("https://b/X?2"));
            Assert.True(new DeviceUri("http://a/x") != new DeviceUri("http://a/y"));
        }
    }
}

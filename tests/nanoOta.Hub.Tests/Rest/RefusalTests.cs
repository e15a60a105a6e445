using System.Text.Json.Nodes;

namespace nanoOta.Hub.Tests
{
    /// <summary>A request that is refused has changed nothing.</summary>
    public sealed class RefusalTests : IDisposable
    {
        private readonly HubScene _scene = new();

        private HubClient Client => _scene.Client;

        public void Dispose() => _scene.Dispose();

        [Theory]
        [InlineData("\"labels\":5")]
        [InlineData("\"schemaVersion\":5")]
        [InlineData("\"priority\":\"high\"")]
        [InlineData("\"metrics\":5")]
        [InlineData("\"metrics\":{\"queries\":[]}")]
        public void A_refused_PUT_leaves_the_configuration_as_it_was(string member)
        {
            const string Content = "\"content\":{\"deviceContent\":{\"properties.desired.x\":1}}";
            Client.Put("/configurations/a", $$"""{{{Content}},"targetCondition":"tags.a = 1","priority":3}""");
            string before = Client.Get("/configurations/a").Text;
            Assert.Equal(400, Client.Put("/configurations/a", $$"""{{{Content}},"targetCondition":"tags.a = 2",{{member}}}""", "\"*\"").Status);
            Assert.Equal(before, Client.Get("/configurations/a").Text);
        }

        [Theory]
        [InlineData("""{"status":"disabled","authentication":{"symmetricKey":{"primaryKey":"no base64"}}}""")]
        [InlineData("""{"status":"disabled","authentication":{"symmetricKey":{"secondaryKey":"AAAA"}}}""")]
        [InlineData("""{"status":"disabled","authentication":{"type":"selfSigned","x509Thumbprint":{"primaryThumbprint":"AB","secondaryThumbprint":5}}}""")]
        [InlineData("""{"status":"disabled","statusReason":5}""")]
        public void A_refused_PUT_leaves_the_identity_as_it_was(string body)
        {
            Client.Put("/devices/d1", "{}");
            string before = Client.Get("/devices/d1").Text;
            Assert.Equal(400, Client.Put("/devices/d1", body, "*").Status);
            Assert.Equal(before, Client.Get("/devices/d1").Text);
        }

        [Theory]
        [InlineData("""{"tags":{"a":1},"properties":{"desired":{"b.c":1}}}""", "PATCH")]
        [InlineData("""{"tags":{"a":1},"properties":{"desired":{"b.c":1}}}""", "PUT")]
        [InlineData("""{"tags":{"a":1},"properties":5}""", "PATCH")]
        public void A_refused_write_leaves_the_twin_as_it_was(string body, string method)
        {
            _scene.AddDevice("d1", """{"a":0}""");
            string before = Client.Get("/twins/d1").Text;
            Assert.Equal(400, Client.Send(method, "/twins/d1", body).Status);
            Assert.Equal(before, Client.Get("/twins/d1").Text);
        }

        [Fact]
        public void A_device_whose_twin_is_refused_is_not_made_by_a_bulk_import()
        {
            HubAnswer answer = Client.Post("/devices", """[{"id":"d1","tags":{"a.b":1}},{"id":"d2"}]""");
            Assert.Equal("d1", (string?)Assert.Single(answer.Json["errors"]!.AsArray())!["deviceId"]);
            Assert.Equal(404, Client.Get("/devices/d1").Status);
            Assert.Equal(200, Client.Get("/devices/d2").Status);
        }

        [Theory]
        [InlineData("""[{"id":"d1"},5]""")]
        [InlineData("""[{"id":"d1"},{"importMode":"create"}]""")]
        public void A_bulk_import_with_an_item_that_is_no_identity_makes_no_device(string body)
        {
            Assert.Equal(400, Client.Post("/devices", body).Status);
            Assert.Equal(0, _scene.Hub.DeviceCount);
        }

        [Fact]
        public void Content_that_breaks_the_rules_of_twins_is_refused()
        {
            foreach (string content in new[] { "\"properties.desired.$x\":1", "\"properties.desired.n\":4503599627370497", $"\"properties.desired.t\":\"{new string('x', 4097)}\"" })
            {
                HubAnswer answer = Client.Put("/configurations/a", $$$"""{"content":{"deviceContent":{{{{content}}}}},"targetCondition":"*"}""");
                Assert.Equal((400, "InvalidConfigurationContent"), (answer.Status, answer.Error));
            }

            Assert.Empty(JsonNode.Parse(Client.Get("/configurations").Text)!.AsArray());
        }
    }
}

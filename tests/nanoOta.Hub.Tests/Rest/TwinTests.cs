using System.Text.Json.Nodes;

namespace nanoOta.Hub.Tests
{
    public sealed class TwinTests : IDisposable
    {
        private readonly HubScene _scene = new();

        public TwinTests()
        {
            _scene.AddDevice("d1", """{"ring":"canary"}""");
        }

        private HubClient Client => _scene.Client;

        public void Dispose() => _scene.Dispose();

        [Fact]
        public void A_twin_has_its_documented_members()
        {
            JsonObject twin = Client.Get("/twins/d1").Json.AsObject();
            Assert.Equal(
                ["authenticationType", "capabilities", "cloudToDeviceMessageCount", "connectionState", "deviceEtag", "deviceId", "etag", "lastActivityTime", "modelId",
                 "properties", "status", "statusUpdateTime", "tags", "version", "x509Thumbprint"],
                twin.Select(member => member.Key).Order(StringComparer.Ordinal));
            Assert.NotNull(twin["properties"]!["desired"]!["$metadata"]!["$lastUpdated"]);
            Assert.Equal(1, (int?)twin["properties"]!["reported"]!["$version"]);
        }

        [Fact]
        public void An_unknown_device_is_DeviceNotFound_with_the_code_in_a_string()
        {
            HubAnswer answer = Client.Get("/twins/nobody");
            Assert.Equal((404, "DeviceNotFound"), (answer.Status, answer.Error));
            Assert.StartsWith("ErrorCode:DeviceNotFound;", (string?)answer.Json["Message"]);
            Assert.StartsWith("Tracking ID:", (string?)answer.Json["ExceptionMessage"]);
        }

        [Fact]
        public void A_missing_module_is_DeviceNotFound_too()
        {
            Assert.Equal("DeviceNotFound", Client.Get("/twins/d1/modules/m").Error);
        }

        [Fact]
        public void PATCH_merges_null_removes_arrays_are_taken_whole_and_an_empty_object_stays()
        {
            Client.Patch("/twins/d1", """{"properties":{"desired":{"a":{"x":1,"y":2},"list":[1,2,3],"gone":1}}}""");
            Client.Patch("/twins/d1", """{"properties":{"desired":{"a":{"y":null,"z":{}},"list":[4],"gone":null}}}""");
            JsonObject desired = Client.Get("/twins/d1").Json["properties"]!["desired"]!.AsObject();
            desired.Remove("$metadata");
            Assert.Equal("""{"a":{"x":1,"z":{}},"list":[4],"$version":3}""", desired.ToJsonString());
        }

        [Fact]
        public void PUT_replaces_tags_and_desired_properties()
        {
            Client.Patch("/twins/d1", """{"properties":{"desired":{"a":1}}}""");
            Client.Put("/twins/d1", """{"tags":{"ring":"all"},"properties":{"desired":{"b":2}}}""");
            JsonNode twin = Client.Get("/twins/d1").Json;
            Assert.Null(twin["properties"]!["desired"]!["a"]);
            Assert.Equal("all", (string?)twin["tags"]!["ring"]);
        }

        [Fact]
        public void Numbers_keep_their_text()
        {
            Client.Patch("/twins/d1", """{"properties":{"desired":{"whole":1,"dotted":1.0,"power":1e3}}}""");
            string text = Client.Get("/twins/d1").Text;
            Assert.Contains("\"whole\":1,", text);
            Assert.Contains("\"dotted\":1.0,", text);
            Assert.Contains("\"power\":1e3,", text);
        }

        [Fact]
        public void A_stale_ETag_is_412_and_without_one_a_patch_works()
        {
            string before = Client.Get("/twins/d1").ETag!;
            Assert.Equal(200, Client.Patch("/twins/d1", """{"tags":{"a":1}}""", before).Status);
            HubAnswer stale = Client.Patch("/twins/d1", """{"tags":{"a":2}}""", before);
            Assert.Equal((412, "PreconditionFailed"), (stale.Status, stale.Error));
            Assert.Equal(200, Client.Patch("/twins/d1", """{"tags":{"a":3}}""").Status);
            Assert.Equal(200, Client.Patch("/twins/d1", """{"tags":{"a":4}}""", "*").Status);
        }

        [Fact]
        public void The_ETag_moves_with_writes_of_tags_and_desired_properties_only()
        {
            HubAnswer before = Client.Get("/twins/d1");
            Client.Put("/devices/d1", """{"deviceId":"d1","status":"disabled"}""", "*");
            Assert.Equal(before.ETag, Client.Get("/twins/d1").ETag);
            Assert.Equal("\"AAAAAAAAAAI=\"", before.ETag);
            Client.Patch("/twins/d1", """{"properties":{"desired":{"a":1}}}""");
            Assert.Equal("\"AAAAAAAAAAM=\"", Client.Get("/twins/d1").ETag);
        }

        [Theory]
        [InlineData("""{"a.b":1}""")]
        [InlineData("""{"a$":1}""")]
        [InlineData("""{"a#":1}""")]
        [InlineData("""{"a b":1}""")]
        [InlineData("""{"n":4503599627370497}""")]
        [InlineData("""{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":1}}}}}}}}}}}""")]
        public void What_breaks_the_rules_of_names_numbers_and_depth_is_refused(string desired)
        {
            HubAnswer answer = Client.Patch("/twins/d1", "{\"properties\":{\"desired\":" + desired + "}}");
            Assert.Equal((400, "ArgumentInvalid"), (answer.Status, answer.Error));
        }

        [Fact]
        public void Ten_levels_and_two_to_the_52_are_allowed()
        {
            Assert.Equal(200, Client.Patch("/twins/d1", """{"properties":{"desired":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":4503599627370496}}}}}}}}}}}}""").Status);
        }

        [Theory]
        [InlineData(1024, 200)]
        [InlineData(1025, 400)]
        public void A_name_has_1024_bytes(int length, int status)
        {
            Assert.Equal(status, Client.Patch("/twins/d1", $$$$"""{"properties":{"desired":{"{{{{new string('n', length)}}}}":1}}}""").Status);
        }

        [Fact]
        public void Tags_have_8_KB_texts_4_KB_and_desired_properties_32_KB()
        {
            string text = new('x', 4096);
            Assert.Equal(200, Client.Patch("/twins/d1", $$$"""{"tags":{"a":"{{{text}}}"}}""").Status);
            Assert.Equal(400, Client.Patch("/twins/d1", $$$"""{"tags":{"b":"{{{text}}}"}}""").Status);
            Assert.Equal(400, Client.Patch("/twins/d1", $$$$"""{"properties":{"desired":{"a":"{{{{text}}}}x"}}}""").Status);
            for (int i = 0; i < 7; i++)
            {
                Assert.Equal(200, Client.Patch("/twins/d1", $$$$"""{"properties":{"desired":{"p{{{{i}}}}":"{{{{text}}}}"}}}""").Status);
            }

            Assert.Equal(400, Client.Patch("/twins/d1", $$$$"""{"properties":{"desired":{"p7":"{{{{text}}}}"}}}""").Status);
        }

        [Fact]
        public void A_body_that_is_not_JSON_is_IotHubFormatError()
        {
            HubAnswer answer = Client.Patch("/twins/d1", """{"tags":{"a":1}""");
            Assert.Equal((400, "IotHubFormatError"), (answer.Status, answer.Error));
        }
    }
}

using System.Text.Json.Nodes;

namespace nanoOta.Hub.Tests
{
    /// <summary>Requests that no client of good will sends: each is refused with a sentence, and the hub itself never fails.</summary>
    public sealed class HostileTests : IDisposable
    {
        // What stands for "not a string", "not an object", "not a number" and "not Unicode" in each member.
        private static readonly string[] _values = ["5", "true", "[]", "[[{}]]", "{}", "\"\"", "\"x\"", "-1", "1e400", "1.5", "null", "\"\\ud800\"", "{\"\\udfff\":1}", "{\"a\":{\"a\":\"\\ud800x\"}}", "\"\\u0000\""];

        private readonly HubScene _scene = new();

        public HostileTests()
        {
            _scene.AddDevice("d1", """{"n":0}""");
            _scene.Client.Put("/configurations/a", """{"content":{"deviceContent":{"properties.desired.x":1}},"targetCondition":"*"}""");
        }

        private HubClient Client => _scene.Client;

        public void Dispose() => _scene.Dispose();

        public static TheoryData<string, string, string> Members => new()
        {
            { "PUT", "/twins/d1", """{"tags":@,"properties":{"desired":{}}}""" },
            { "PATCH", "/twins/d1", """{"tags":@}""" },
            { "PATCH", "/twins/d1", """{"properties":@}""" },
            { "PATCH", "/twins/d1", """{"properties":{"desired":@}}""" },
            { "PATCH", "/twins/d1", "@" },
            { "PUT", "/devices/d1", """{"status":@}""" },
            { "PUT", "/devices/d1", """{"statusReason":@}""" },
            { "PUT", "/devices/d1", """{"authentication":@}""" },
            { "PUT", "/devices/d1", """{"authentication":{"symmetricKey":{"secondaryKey":@}}}""" },
            { "PUT", "/devices/d1", """{"authentication":{"type":"selfSigned","x509Thumbprint":{"primaryThumbprint":@}}}""" },
            { "POST", "/devices", "@" },
            { "POST", "/devices", "[@]" },
            { "POST", "/devices", """[{"id":@}]""" },
            { "POST", "/devices", """[{"id":"new","tags":@}]""" },
            { "POST", "/devices", """[{"id":"d1","importMode":@,"eTag":@}]""" },
            { "PUT", "/configurations/a", """{"content":@}""" },
            { "PUT", "/configurations/a", """{"content":{"deviceContent":@}}""" },
            { "PUT", "/configurations/a", """{"content":{"deviceContent":{"properties.desired.x":@}},"targetCondition":"*"}""" },
            { "PUT", "/configurations/a", """{"content":{"deviceContent":{"properties.desired.x":1}},"targetCondition":@}""" },
            { "PUT", "/configurations/a", """{"content":{"deviceContent":{"properties.desired.x":1}},"targetCondition":"*","labels":@}""" },
            { "PUT", "/configurations/a", """{"content":{"deviceContent":{"properties.desired.x":1}},"targetCondition":"*","priority":@}""" },
            { "PUT", "/configurations/a", """{"content":{"deviceContent":{"properties.desired.x":1}},"targetCondition":"*","metrics":@}""" },
            { "PUT", "/configurations/a", """{"content":{"deviceContent":{"properties.desired.x":1}},"targetCondition":"*","metrics":{"queries":{"m":@}}}""" },
            { "POST", "/configurations/testQueries", """{"targetCondition":@}""" },
            { "POST", "/configurations/testQueries", """{"customMetricQueries":@}""" },
            { "POST", "/configurations/testQueries", """{"customMetricQueries":{"m":@}}""" },
            { "POST", "/devices/query", """{"query":@}""" },
            { "POST", "/twins/d1/methods", """{"methodName":@,"payload":@}""" },
            { "POST", "/twins/d1/methods", """{"methodName":"m","payload":1,"responseTimeoutInSeconds":@}""" },
            { "PUT", "/jobs/v2/*", """{"type":@,"updateTwin":{}}""" },
            { "PUT", "/jobs/v2/*", """{"type":"scheduleUpdateTwin","updateTwin":@,"queryCondition":"*"}""" },
            { "PUT", "/jobs/v2/*", """{"type":"scheduleUpdateTwin","updateTwin":{"tags":@},"queryCondition":"*"}""" },
            { "PUT", "/jobs/v2/*", """{"type":"scheduleUpdateTwin","updateTwin":{},"queryCondition":@}""" },
            { "PUT", "/jobs/v2/*", """{"type":"scheduleUpdateTwin","updateTwin":{},"queryCondition":"*","startTime":@}""" },
            { "PUT", "/jobs/v2/*", """{"type":"scheduleDeviceMethod","cloudToDeviceMethod":{"methodName":@},"queryCondition":"*"}""" },
        };

        [Theory]
        [MemberData(nameof(Members))]
        public void A_member_of_another_kind_is_never_a_failure_of_the_hub(string method, string path, string body)
        {
            int number = 0;
            foreach (string value in _values)
            {
                HubAnswer answer = Client.Send(method, path.Replace("*", $"{number++}"), body.Replace("@", value), ("If-Match", method == "PUT" && !path.StartsWith("/jobs", StringComparison.Ordinal) ? "\"*\"" : null));
                Assert.True(answer.Status < 500, $"{value}: {answer.Text}");
                bool saysWhichItem = answer.Status == 400 && answer.Text.Contains("\"isSuccessful\":false");
                Assert.True(answer.Status < 300 || saysWhichItem || (answer.Error != null && ((string)answer.Json["Message"]!).Length > 20), $"{value}: {answer.Text}");
                _scene.Hub.Advance(TimeSpan.FromMinutes(10));
            }

            Assert.Null(_scene.Hub.Failure);
            Assert.Equal("d1", Client.Query("SELECT deviceId FROM devices WHERE deviceId = 'd1'").Ids);
        }

        [Theory]
        [InlineData("""{"tags":{"a":"\ud800"}}""")]
        [InlineData("""{"tags":{"\udc00":1}}""")]
        [InlineData("""{"tags":{"a":["x",{"b":"\ud83d\ud83d"}]}}""")]
        public void Half_of_a_surrogate_pair_is_400_with_a_sentence(string body)
        {
            HubAnswer answer = Client.Patch("/twins/d1", body);
            Assert.Equal((400, "IotHubFormatError"), (answer.Status, answer.Error));
            Assert.Contains("half of a surrogate pair", answer.Text);
        }

        [Theory]
        [InlineData("SELECT deviceId FROM devices WHERE tags.n / 0 = 1")]
        [InlineData("SELECT 1 / 0 AS a FROM devices")]
        [InlineData("SELECT 1 % 0.0 AS a FROM devices")]
        [InlineData("SELECT 1e400 AS a FROM devices")]
        [InlineData("SELECT TOP -1 * FROM devices")]
        [InlineData("SELECT TOP 0.5 * FROM devices")]
        [InlineData("SELECT SUM() FROM devices")]
        public void Numbers_that_cannot_be_are_400(string query)
        {
            HubAnswer answer = Client.Query(query);
            Assert.Equal((400, "ArgumentInvalid"), (answer.Status, answer.Error));
            Assert.Contains("BadRequest: ", answer.Text);
        }

        [Fact]
        public void A_property_that_is_zero_makes_a_quotient_undefined_and_sums_of_texts_too()
        {
            Assert.Equal("""[{"id":"d1"}]""", Client.Query("SELECT deviceId AS id, 1 / tags.n AS q FROM devices").Text);
            Assert.Equal("[{}]", Client.Query("SELECT SUM(deviceId) AS s, MAX(1 / tags.n) AS m FROM devices").Text);
            Client.Patch("/twins/d1", """{"tags":{"n":1e308}}""");
            Assert.Equal("[{}]", Client.Query("SELECT SUM(tags.n * 10) AS s FROM devices").Text);
        }

        [Theory]
        [InlineData("a/b")]
        [InlineData("#")]
        [InlineData("a b")]
        [InlineData("")]
        [InlineData("é")]
        public void A_method_name_that_is_no_level_of_a_topic_is_400(string name)
        {
            Assert.Equal(400, Client.Post("/twins/d1/methods", new JsonObject { ["methodName"] = name, ["payload"] = null }.ToJsonString()).Status);
        }

        [Fact]
        public void A_client_request_id_comes_back_when_it_is_one()
        {
            string id = Guid.NewGuid().ToString();
            Assert.Equal(id, Client.Send("GET", "/twins/d1", null, ("x-ms-client-request-id", id)).Headers["x-ms-client-request-id"]);
            HubAnswer other = Client.Send("GET", "/twins/d1", null, ("x-ms-client-request-id", "no id"));
            Assert.Equal((200, false), (other.Status, other.Headers.ContainsKey("x-ms-client-request-id")));
        }
    }
}

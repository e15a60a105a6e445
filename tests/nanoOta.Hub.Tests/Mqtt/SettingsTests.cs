using System.Text.Json.Nodes;

namespace nanoOta.Hub.Tests
{
    /// <summary>What is a setting of the local hub, because how IoT Hub behaves there is not evidenced.</summary>
    public sealed class SettingsTests
    {
        [Fact]
        public void A_topic_of_no_meaning_is_dropped_where_the_hub_is_set_so()
        {
            using var scene = new MqttScene(new HubOptions { Units = 0, ClosesOnUnknownTopic = false });
            RawDevice device = scene.Connect("d1");
            device.Publish("my/own/topic", "x");
            device.Publish("$iothub/twin/GET/?$rid=1", "");
            Assert.StartsWith("$iothub/twin/res/200", device.Receive().Topic);
        }

        [Theory]
        [InlineData(true)]
        [InlineData(false)]
        public void A_refused_report_has_a_body_or_none(bool has)
        {
            using var scene = new MqttScene(new HubOptions { Units = 0, SendsErrorBodies = has });
            RawDevice device = scene.Connect("d1");
            device.Publish("$iothub/twin/PATCH/properties/reported/?$rid=7", "[1]");
            (string topic, string payload) = device.Receive();
            Assert.Equal("$iothub/twin/res/400/?$rid=7", topic);
            Assert.Equal(has, payload.Length > 0);
        }

        [Theory]
        [InlineData(false, "A", true)]
        [InlineData(true, "a", true)]
        [InlineData(true, "A", false)]
        [InlineData(true, "0a", false)]
        public async Task The_id_of_an_answer_counts_by_its_value_or_as_text(bool asText, string rid, bool counts)
        {
            var time = new ManualTime();
            using var scene = new MqttScene(new HubOptions { Units = 0, ComparesMethodIdsAsText = asText, Time = time });
            RawDevice device = scene.Connect("d1");
            for (int i = 0; i < 9; i++)
            {
                _ = scene.Hub.CallMethodAsync("d1", new JsonObject { ["methodName"] = "skip", ["payload"] = null }, CancellationToken.None);
                device.Receive();
            }

            Task<JsonObject> call = scene.Hub.CallMethodAsync("d1", new JsonObject { ["methodName"] = "m", ["payload"] = null }, CancellationToken.None);
            Assert.EndsWith("$rid=a", device.Receive().Topic);
            device.Publish($"$iothub/methods/res/200/?$rid={rid}");
            if (counts)
            {
                Assert.Equal(200, (int?)(await call)["status"]);
                return;
            }

            time.Advance(TimeSpan.FromSeconds(31));
            Assert.Equal(504, (await Assert.ThrowsAsync<HubError>(() => call)).Status);
        }

        [Theory]
        [InlineData("?api-version=2021-04-12")]
        [InlineData("api-version=2021-04-12")]
        [InlineData("?DeviceClientType=x&api-version=2020-09-30&anything=1")]
        public void The_user_name_ends_with_a_query_with_or_without_its_question_mark(string query)
        {
            using var scene = new MqttScene(new HubOptions { Units = 0 });
            Assert.True(scene.Connect("d1", query: query).IsConnected);
        }

        [Fact]
        public async Task A_payload_of_a_method_has_128_KB()
        {
            using var scene = new MqttScene(new HubOptions { Units = 0 });
            RawDevice device = scene.Connect("d1");
            string Body(int length) => new JsonObject { ["methodName"] = "m", ["payload"] = new string('x', length - 2) }.ToJsonString();
            Task<HubAnswer> call = scene.Client.SendAsync("POST", "/twins/d1/methods", Body(128 * 1024));
            (string topic, string payload) = device.Receive();
            Assert.Equal(128 * 1024, payload.Length);
            device.Publish($"$iothub/methods/res/200/?$rid={topic.Split('=')[1]}");
            Assert.Equal(200, (await call).Status);
            Assert.Equal(413, scene.Client.Post("/twins/d1/methods", Body((128 * 1024) + 1)).Status);
        }

        [Fact]
        public void A_method_of_a_job_counts_as_done_when_it_was_sent()
        {
            using var scene = new MqttScene(new HubOptions { Units = 0 });
            RawDevice device = scene.Connect("d1");
            Assert.Equal(200, scene.Client.Put("/jobs/v2/j", """{"type":"scheduleDeviceMethod","cloudToDeviceMethod":{"methodName":"m","payload":7},"queryCondition":"*"}""").Status);
            scene.Hub.Advance(TimeSpan.FromSeconds(1));
            JsonNode counts = scene.Client.Get("/jobs/v2/j").Json["deviceJobStatistics"]!;
            Assert.Equal((2, 1, 1), ((int)counts["deviceCount"]!, (int)counts["succeededCount"]!, (int)counts["failedCount"]!));
            (string topic, string payload) = device.Receive();
            Assert.Equal(("$iothub/methods/POST/m/?$rid=0", "7"), (topic, payload));
        }
    }
}

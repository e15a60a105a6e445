using System.Text.Json.Nodes;

namespace nanoOta.Hub.Tests
{
    public sealed class ConfigurationTests : IDisposable
    {
        private const string Path = "/configurations/ota_v1";
        private readonly HubScene _scene = new();

        private HubClient Client => _scene.Client;

        public void Dispose() => _scene.Dispose();

        [Fact]
        public void PUT_without_If_Match_is_create_only()
        {
            Assert.Equal(200, Client.Put(Path, Body()).Status);
            HubAnswer second = Client.Put(Path, Body());
            Assert.Equal(409, second.Status);
            Assert.Equal("ConfigurationAlreadyExists", second.Error);
        }

        [Fact]
        public void PUT_with_If_Match_is_update_only()
        {
            HubAnswer answer = Client.Put(Path, Body(), "*");
            Assert.Equal(404, answer.Status);
            Assert.Equal("ConfigurationNotFound", answer.Error);
        }

        [Fact]
        public void The_ETag_is_quoted_in_the_header_and_bare_in_the_body()
        {
            HubAnswer answer = Client.Put(Path, Body());
            Assert.Equal("\"MQ==\"", answer.ETag);
            Assert.Equal("MQ==", (string?)answer.Json["etag"]);
        }

        [Fact]
        public void An_unquoted_ETag_is_answered_with_409_although_it_is_right()
        {
            Client.Put(Path, Body());
            HubAnswer answer = Client.Put(Path, Body(priority: 7), "MQ==");
            Assert.Equal((409, "ConfigurationAlreadyExists"), (answer.Status, answer.Error));
            Assert.Equal(10, (int?)Client.Get(Path).Json["priority"]);
        }

        [Theory]
        [InlineData("\"MQ==\"", 200)]
        [InlineData("\"*\"", 200)]
        [InlineData("*", 200)]
        [InlineData("\"Mg==\"", 412)]
        public void A_quoted_ETag_and_both_stars_work(string ifMatch, int status)
        {
            Client.Put(Path, Body());
            Assert.Equal(status, Client.Put(Path, Body(priority: 7), ifMatch).Status);
        }

        [Fact]
        public void Changed_content_is_answered_with_200_and_not_taken()
        {
            Client.Put(Path, Body(version: "1.1.0"));
            Assert.Equal(200, Client.Put(Path, Body(version: "1.2.0", priority: 7), "*").Status);
            JsonNode now = Client.Get(Path).Json;
            Assert.Equal("1.1.0", (string?)now["content"]!["deviceContent"]!["properties.desired.updateVersion"]);
            Assert.Equal(7, (int?)now["priority"]);
        }

        [Fact]
        public void Content_is_required_in_every_PUT()
        {
            Client.Put(Path, Body());
            HubAnswer answer = Client.Put(Path, """{"id":"ota_v1","targetCondition":"tags.ring='all'","priority":1}""", "*");
            Assert.Equal((400, "InvalidConfigurationContent"), (answer.Status, answer.Error));
        }

        [Theory]
        [InlineData("""{"deviceContent":{"tags.x":1}}""")]
        [InlineData("""{"deviceContent":{"properties.reported.x":1}}""")]
        [InlineData("""{"deviceContent":{"properties.desired.x":1},"moduleContent":{"properties.desired.x":1}}""")]
        [InlineData("{}")]
        public void Only_desired_properties_of_one_kind_are_content(string content)
        {
            HubAnswer answer = Client.Put(Path, $$"""{"content":{{content}},"targetCondition":"*"}""");
            Assert.Equal((400, "InvalidConfigurationContent"), (answer.Status, answer.Error));
        }

        [Theory]
        [InlineData("tags.ring = ")]
        [InlineData("properties.desired.updateVersion='1'")]
        [InlineData("connectionState='Connected'")]
        [InlineData("SELECT * FROM devices")]
        public void A_target_condition_is_over_id_tags_and_reported_properties(string condition)
        {
            HubAnswer answer = Client.Put(Path, Body(condition: condition));
            Assert.Equal((400, "InvalidConfigurationTargetCondition"), (answer.Status, answer.Error));
        }

        [Fact]
        public void Ids_in_upper_case_are_refused()
        {
            Assert.Equal(400, Client.Put("/configurations/OTA_v1", Body()).Status);
        }

        [Fact]
        public void Deleting_a_configuration_leaves_what_it_wrote()
        {
            _scene.AddDevice("d1", """{"ring":"canary"}""");
            Client.Put(Path, Body());
            _scene.Hub.Advance(TimeSpan.FromMinutes(1));
            Assert.Equal(204, Client.Delete(Path).Status);
            _scene.Hub.Advance(TimeSpan.FromMinutes(5));
            JsonNode twin = Client.Get("/twins/d1").Json;
            Assert.Equal("1.1.0", (string?)twin["properties"]!["desired"]!["updateVersion"]);
            Assert.Null(twin["configurations"]);
            Assert.Equal(404, Client.Delete(Path).Status);
        }

        [Fact]
        public void A_device_that_leaves_the_condition_keeps_what_was_written()
        {
            _scene.AddDevice("d1", """{"ring":"canary"}""");
            Client.Put(Path, Body());
            _scene.Hub.Advance(TimeSpan.FromMinutes(1));
            Client.Put(Path, Body(condition: "tags.ring='nobody'"), "*");
            _scene.Hub.Advance(TimeSpan.FromMinutes(1));
            JsonNode twin = Client.Get("/twins/d1").Json;
            Assert.Equal("1.1.0", (string?)twin["properties"]!["desired"]!["updateVersion"]);
            Assert.Null(twin["configurations"]);
        }

        [Fact]
        public void Devices_that_come_later_are_found_at_the_next_evaluation_after_five_minutes()
        {
            Client.Put(Path, Body());
            _scene.Hub.Advance(TimeSpan.FromMinutes(1));
            _scene.AddDevice("late", """{"ring":"canary"}""");
            _scene.Hub.Advance(TimeSpan.FromMinutes(4.9));
            Assert.Null(Client.Get("/twins/late").Json["properties"]!["desired"]!["updateVersion"]);
            _scene.Hub.Advance(TimeSpan.FromMinutes(0.2));
            Assert.Equal("1.1.0", (string?)Client.Get("/twins/late").Json["properties"]!["desired"]!["updateVersion"]);
        }

        [Fact]
        public void Results_are_empty_until_the_first_evaluation_and_then_counted()
        {
            _scene.AddDevice("d1", """{"ring":"canary"}""");
            _scene.AddDevice("d2", """{"ring":"all"}""");
            JsonNode made = Client.Put(Path, Body()).Json;
            Assert.Empty(made["systemMetrics"]!["results"]!.AsObject());
            Assert.Equal("select deviceId from devices where tags.ring='canary'", (string?)made["systemMetrics"]!["queries"]!["targetedCount"]);
            Assert.Equal("select deviceId from devices where configurations.[[ota_v1]].status = 'Applied'", (string?)made["systemMetrics"]!["queries"]!["appliedCount"]);
            _scene.Hub.Advance(TimeSpan.FromMinutes(1));
            JsonNode counted = Client.Get(Path).Json;
            Assert.Equal(1, (int?)counted["systemMetrics"]!["results"]!["targetedCount"]);
            Assert.Equal(1, (int?)counted["systemMetrics"]!["results"]!["appliedCount"]);
            Assert.Equal(1, (int?)counted["metrics"]!["results"]!["canaries"]);
            Assert.Equal("d1", Client.Query("SELECT deviceId FROM devices WHERE configurations.[[ota_v1]].status = 'Applied'").Ids);
        }

        [Fact]
        public void The_highest_priority_wins_and_of_two_equal_ones_the_later()
        {
            _scene.AddDevice("d1", """{"ring":"canary"}""");
            Client.Put("/configurations/low", Body(version: "1.0.0", priority: 1, id: "low"));
            Client.Put("/configurations/first", Body(version: "2.0.0", priority: 5, id: "first"));
            Client.Put("/configurations/second", Body(version: "3.0.0", priority: 5, id: "second"));
            _scene.Hub.Advance(TimeSpan.FromMinutes(1));
            JsonNode twin = Client.Get("/twins/d1").Json;
            Assert.Equal("3.0.0", (string?)twin["properties"]!["desired"]!["updateVersion"]);
            Assert.Equal("Targeted", (string?)twin["configurations"]!["low"]!["status"]);
            Assert.Equal("Applied", (string?)twin["configurations"]!["second"]!["status"]);
        }

        [Fact]
        public void A_configuration_that_loses_one_property_of_two_writes_the_other_and_is_targeted()
        {
            _scene.AddDevice("d1", """{"ring":"canary"}""");
            Client.Put("/configurations/low", """{"content":{"deviceContent":{"properties.desired.updateVersion":"1.0.0","properties.desired.other":1}},"targetCondition":"*","priority":1}""");
            Client.Put("/configurations/high", Body(version: "2.0.0", priority: 5, id: "high"));
            _scene.Hub.Advance(TimeSpan.FromMinutes(1));
            JsonNode twin = Client.Get("/twins/d1").Json;
            Assert.Equal(("2.0.0", 1), ((string?)twin["properties"]!["desired"]!["updateVersion"], (int?)twin["properties"]!["desired"]!["other"]));
            Assert.Equal(("Targeted", "Applied"), ((string?)twin["configurations"]!["low"]!["status"], (string?)twin["configurations"]!["high"]!["status"]));
        }

        [Fact]
        public void What_somebody_writes_over_a_property_is_written_back_at_the_next_evaluation()
        {
            _scene.AddDevice("d1", """{"ring":"canary"}""");
            Client.Put(Path, Body());
            _scene.Hub.Advance(TimeSpan.FromMinutes(1));
            Client.Patch("/twins/d1", """{"properties":{"desired":{"updateVersion":"9.9.9"}}}""");
            Assert.Equal("9.9.9", (string?)Client.Get("/twins/d1").Json["properties"]!["desired"]!["updateVersion"]);
            _scene.Hub.Advance(TimeSpan.FromMinutes(5));
            Assert.Equal("1.1.0", (string?)Client.Get("/twins/d1").Json["properties"]!["desired"]!["updateVersion"]);
        }

        [Fact]
        public void A_null_in_the_content_removes_the_property()
        {
            _scene.AddDevice("d1", """{"ring":"canary"}""");
            Client.Patch("/twins/d1", """{"properties":{"desired":{"updateVersion":"1.0.0"}}}""");
            Client.Put(Path, """{"content":{"deviceContent":{"properties.desired.updateVersion":null}},"targetCondition":"*"}""");
            _scene.Hub.Advance(TimeSpan.FromMinutes(1));
            Assert.Null(Client.Get("/twins/d1").Json["properties"]!["desired"]!["updateVersion"]);
        }

        [Fact]
        public void At_most_five_metrics_are_taken()
        {
            string metrics = string.Join(',', Enumerable.Range(1, 6).Select(n => $"\"m{n}\":\"SELECT deviceId FROM devices\""));
            Assert.Equal(400, Client.Put(Path, $$$$"""{"content":{"deviceContent":{"properties.desired.x":1}},"targetCondition":"*","metrics":{"queries":{ {{{{metrics}}}} }}}""").Status);
        }

        [Fact]
        public void testQueries_answers_200_with_the_errors_in_the_body_and_rejects_the_star()
        {
            HubAnswer good = Client.Post("/configurations/testQueries", """{"targetCondition":"tags.a='b'","customMetricQueries":{"m":"SELECT deviceId FROM devices"}}""");
            HubAnswer bad = Client.Post("/configurations/testQueries", """{"targetCondition":"*","customMetricQueries":{"m":"SELECT FROM"}}""");
            Assert.Equal((200, 200), (good.Status, bad.Status));
            Assert.Null(good.Json["targetConditionError"]);
            Assert.NotNull(bad.Json["targetConditionError"]);
            Assert.NotNull(bad.Json["customMetricQueryErrors"]!["m"]);
        }

        [Fact]
        public void The_list_is_a_bare_array_and_top_is_ignored()
        {
            Client.Put("/configurations/a", Body(id: "a"));
            Client.Put("/configurations/b", Body(id: "b"));
            Assert.Equal(2, Client.Get("/configurations?top=1").Json.AsArray().Count);
        }

        private static string Body(string version = "1.1.0", int priority = 10, string condition = "tags.ring='canary'", string id = "ota_v1")
        {
            return $$$$"""
                {"id":"{{{{id}}}}","schemaVersion":"2.0","labels":{"release":"{{{{version}}}}"},"content":{"deviceContent":{"properties.desired.updateVersion":"{{{{version}}}}"}},
                 "targetCondition":"{{{{condition}}}}","priority":{{{{priority}}}},"metrics":{"queries":{"canaries":"SELECT deviceId FROM devices WHERE tags.ring='canary'"}}}
                """;
        }
    }
}

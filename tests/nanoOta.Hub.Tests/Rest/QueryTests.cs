using System.Text.Json.Nodes;

namespace nanoOta.Hub.Tests
{
    public sealed class QueryTests : IDisposable
    {
        private readonly HubScene _scene = new();

        public QueryTests()
        {
            _scene.AddDevice("d1", """{"ring":"canary","n":1,"on":true}""");
            _scene.AddDevice("d2", """{"ring":"all","n":2,"version":"1.10.0"}""");
            _scene.AddDevice("d3", """{"ring":"all","n":3,"version":"1.9.0"}""");
        }

        public void Dispose() => _scene.Dispose();

        [Theory]
        [InlineData("tags.ring = 'canary'", "d1")]
        [InlineData("tags.ring='all' AND tags.n > 2", "d3")]
        [InlineData("tags.ring='canary' or tags.n >= 3", "d1 d3")]
        [InlineData("NOT tags.ring='all'", "d1")]
        [InlineData("tags.ring != 'all'", "d1")]
        [InlineData("tags.ring <> 'all'", "d1")]
        [InlineData("tags.n IN [1, 3]", "d1 d3")]
        [InlineData("tags.n NIN [1, 3]", "d2")]
        [InlineData("deviceId IN ['d2']", "d2")]
        [InlineData("tags.[[ring]] = 'canary'", "d1")]
        [InlineData("is_defined(tags.version)", "d2 d3")]
        [InlineData("NOT is_defined(tags.version)", "d1")]
        [InlineData("tags.n + 1 = 2 * tags.n", "d1")]
        [InlineData("tags.on = true", "d1")]
        [InlineData("(tags.n = 1 OR tags.n = 2) AND tags.ring = 'all'", "d2")]
        [InlineData("connectionState = 'Disconnected' AND status = 'enabled' AND tags.n < 2", "d1")]
        public void Conditions_find_what_they_say(string where, string ids)
        {
            Assert.Equal(ids, _scene.Client.Query($"SELECT deviceId FROM devices WHERE {where}").Ids);
        }

        [Fact]
        public void Names_of_properties_are_case_sensitive_and_keywords_are_not()
        {
            Assert.Equal("d1", _scene.Client.Query("select deviceId from devices where tags.ring = 'canary'").Ids);
            Assert.Equal("", _scene.Client.Query("SELECT deviceId FROM devices WHERE tags.Ring = 'canary'").Ids);
        }

        [Fact]
        public void What_is_not_there_is_neither_equal_nor_unequal()
        {
            Assert.Equal("", _scene.Client.Query("SELECT deviceId FROM devices WHERE tags.version = '1' AND tags.n = 1").Ids);
            Assert.Equal("d2 d3", _scene.Client.Query("SELECT deviceId FROM devices WHERE tags.version != '1'").Ids);
        }

        [Fact]
        public void A_text_is_not_an_order_of_versions()
        {
            Assert.Equal("d2", _scene.Client.Query("SELECT deviceId FROM devices WHERE tags.version < '1.9.0'").Ids);
        }

        [Fact]
        public void SELECT_star_brings_twins_and_a_projection_raw_rows()
        {
            HubAnswer twins = _scene.Client.Query("SELECT * FROM devices WHERE deviceId='d1'");
            HubAnswer rows = _scene.Client.Query("SELECT tags.ring AS ring, tags.missing AS m FROM devices WHERE deviceId='d1'");
            Assert.Equal("Twin", twins.Headers["x-ms-item-type"]);
            Assert.NotNull(twins.Json[0]!["properties"]!["desired"]!["$metadata"]);
            Assert.Equal("Raw", rows.Headers["x-ms-item-type"]);
            Assert.Equal("""[{"ring":"canary"}]""", rows.Text);
        }

        [Fact]
        public void Groups_are_counted_and_summed()
        {
            JsonArray rows = _scene.Client.Query("SELECT tags.ring AS ring, COUNT() AS n, SUM(tags.n) AS sum, MAX(tags.n) AS most FROM devices GROUP BY tags.ring").Json.AsArray();
            Assert.Contains(rows, row => row!.ToJsonString() == """{"ring":"all","n":2,"sum":5,"most":3}""");
            Assert.Contains(rows, row => row!.ToJsonString() == """{"ring":"canary","n":1,"sum":1,"most":1}""");
        }

        [Fact]
        public void Pages_go_on_where_the_last_one_ended()
        {
            HubAnswer first = _scene.Client.Query("SELECT deviceId FROM devices", ("x-ms-max-item-count", "2"));
            HubAnswer second = _scene.Client.Query("SELECT deviceId FROM devices", ("x-ms-max-item-count", "2"), ("x-ms-continuation", first.Headers["x-ms-continuation"]));
            Assert.Equal(("d1 d2", "d3"), (first.Ids, second.Ids));
            Assert.False(second.Headers.ContainsKey("x-ms-continuation"));
            Assert.Equal("d1", _scene.Client.Query("SELECT TOP 1 deviceId FROM devices").Ids);
        }

        [Theory]
        [InlineData("SELECT * FROM devices WHERE")]
        [InlineData("SELECT * FROM things")]
        [InlineData("SELECT * FROM devices WHERE tags.a = 'b")]
        [InlineData("SELECT * FROM devices WHERE STARTSWITH(tags.a, 'b')")]
        [InlineData("tags.a = 1")]
        [InlineData("SELECT * FROM devices WHERE tags.a ~ 1")]
        public void A_query_that_is_not_understood_is_400(string query)
        {
            HubAnswer answer = _scene.Client.Query(query);
            Assert.Equal((400, "ArgumentInvalid"), (answer.Status, answer.Error));
        }

        [Fact]
        public void A_query_of_very_many_brackets_or_operators_is_refused_and_no_crash()
        {
            string deep = new string('(', 400) + "1" + new string(')', 400);
            Assert.Equal(200, _scene.Client.Query($"SELECT * FROM devices WHERE {deep} = 1").Status);
            string deepest = new('(', 400_000);
            Assert.Equal(400, _scene.Client.Query($"SELECT * FROM devices WHERE {deepest}").Status);
            string longest = string.Concat(Enumerable.Repeat("tags.a = 1 OR ", 50_000));
            Assert.Equal(400, _scene.Client.Query($"SELECT * FROM devices WHERE {longest}tags.a = 2").Status);
        }
    }
}

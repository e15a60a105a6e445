namespace nanoOta.Hub.Tests
{
    public sealed class AccessTests : IDisposable
    {
        private readonly HubScene _scene = new();

        public AccessTests()
        {
            _scene.AddDevice("d1");
        }

        public void Dispose() => _scene.Dispose();

        // Whatever else is wrong with a request, the right is judged first: only 401 counts here.
        [Theory]
        [InlineData("GET", "/twins/d1", "service")]
        [InlineData("PATCH", "/twins/d1", "service")]
        [InlineData("PUT", "/twins/d1", "service")]
        [InlineData("POST", "/twins/d1/methods", "service")]
        [InlineData("POST", "/devices/query", "service")]
        [InlineData("GET", "/devices", "registryRead registryReadWrite")]
        [InlineData("GET", "/devices/d1", "registryRead registryReadWrite")]
        [InlineData("GET", "/statistics/devices", "registryRead registryReadWrite")]
        [InlineData("POST", "/devices", "registryReadWrite")]
        [InlineData("PUT", "/devices/d1", "registryReadWrite")]
        [InlineData("DELETE", "/devices/d1", "registryReadWrite")]
        [InlineData("GET", "/configurations", "service registryRead registryReadWrite")]
        [InlineData("GET", "/configurations/a", "service registryRead registryReadWrite")]
        [InlineData("PUT", "/configurations/a", "service registryReadWrite")]
        [InlineData("DELETE", "/configurations/a", "service registryReadWrite")]
        [InlineData("POST", "/configurations/testQueries", "service registryReadWrite")]
        [InlineData("PUT", "/jobs/v2/j", "service")]
        [InlineData("GET", "/jobs/v2/j", "service")]
        [InlineData("POST", "/jobs/v2/j/cancel", "service")]
        [InlineData("POST", "/local/clock?advance=0", "")]
        public void A_policy_may_do_what_its_rights_say_and_nothing_else(string method, string path, string policies)
        {
            foreach (string policy in Policies.All.Keys)
            {
                using HubClient client = _scene.As(policy);
                bool isAllowed = policy == Policies.Owner || policies.Split(' ').Contains(policy);
                Assert.True(isAllowed == (client.Send(method, path, method == "GET" ? null : "5").Status != 401), policy);
            }

            using var http = new HttpClient();
            using var request = new HttpRequestMessage(new HttpMethod(method), $"http://127.0.0.1:{_scene.Port}{path}{(path.Contains('?') ? '&' : '?')}api-version=2021-04-12");
            using HttpResponseMessage answer = http.Send(request, TestContext.Current.CancellationToken);
            Assert.Equal(401, (int)answer.StatusCode);
        }

        [Fact]
        public void An_expired_signature_is_401()
        {
            _scene.Client.Expires = DateTime.UtcNow.AddSeconds(-1);
            HubAnswer answer = _scene.Client.Get("/twins/d1");
            Assert.Equal((401, "IotHubUnauthorizedAccess"), (answer.Status, answer.Error));
        }

        [Fact]
        public void A_signature_for_another_host_is_401()
        {
            _scene.Client.Resource = "other.azure-devices.net";
            Assert.Equal(401, _scene.Client.Get("/twins/d1").Status);
        }

        [Fact]
        public void A_signature_with_another_key_is_401()
        {
            using var other = new IotHub(HubScene.Quick());
            using var client = new HubClient(other.ConnectionString(Policies.Owner, _scene.Port), other.Clock);
            Assert.Equal(401, client.Get("/twins/d1").Status);
        }

        [Theory]
        [InlineData("2018-06-30", 200)]
        [InlineData("2024-03-31", 200)]
        [InlineData("2019-01-01", 400)]
        [InlineData("", 400)]
        public void Only_known_api_versions_are_taken(string version, int status)
        {
            _scene.Client.ApiVersion = version;
            HubAnswer answer = _scene.Client.Get("/twins/d1");
            Assert.Equal((status, status == 200 ? null : "InvalidProtocolVersion"), (answer.Status, answer.Error));
        }

        [Fact]
        public void The_fields_of_a_signature_come_in_any_order()
        {
            string[] fields = SasToken.Sign("host", "AAAA", DateTime.UtcNow, "p")["SharedAccessSignature ".Length..].Split('&');
            SasToken? token = SasToken.Read("SharedAccessSignature " + string.Join('&', fields.Reverse()));
            Assert.True(token!.IsBy("AAAA"));
            Assert.Equal("p", token.Policy);
        }
    }
}

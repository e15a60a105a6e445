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

        [Theory]
        [InlineData("iothubowner", 200, 200, 200)]
        [InlineData("service", 200, 401, 200)]
        [InlineData("registryRead", 401, 200, 401)]
        [InlineData("registryReadWrite", 401, 200, 401)]
        [InlineData("device", 401, 401, 401)]
        public void Policies_allow_what_they_allow(string policy, int twin, int identity, int query)
        {
            using HubClient client = _scene.As(policy);
            Assert.Equal(twin, client.Get("/twins/d1").Status);
            Assert.Equal(identity, client.Get("/devices/d1").Status);
            Assert.Equal(query, client.Query("SELECT * FROM devices").Status);
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

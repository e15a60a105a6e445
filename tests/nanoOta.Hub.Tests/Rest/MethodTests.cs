using System.Text.Json.Nodes;

namespace nanoOta.Hub.Tests
{
    public sealed class MethodTests : IDisposable
    {
        private readonly HubScene _scene = new();

        public MethodTests()
        {
            _scene.AddDevice("d1");
        }

        public void Dispose() => _scene.Dispose();

        [Fact]
        public void A_device_that_is_offline_is_404103_as_an_object_in_a_string()
        {
            HubAnswer answer = _scene.Client.Post("/twins/d1/methods", """{"methodName":"status","payload":null}""");
            Assert.Equal((404, "DeviceNotOnline"), (answer.Status, answer.Error));
            JsonNode inner = JsonNode.Parse((string)answer.Json["Message"]!)!;
            Assert.Equal(404103, (int?)inner["errorCode"]);
            Assert.Equal("", (string?)answer.Json["ExceptionMessage"]);
        }

        [Theory]
        [InlineData("""{"methodName":"m"}""")]
        [InlineData("""{"payload":1}""")]
        [InlineData("""{"methodName":"m","payload":1,"responseTimeoutInSeconds":301}""")]
        [InlineData("""{"methodName":"m","payload":1,"responseTimeoutInSeconds":4}""")]
        [InlineData("""{"methodName":"m","payload":1,"responseTimeoutInSeconds":10,"connectTimeoutInSeconds":11}""")]
        public void A_malformed_call_is_400(string body)
        {
            Assert.Equal(400, _scene.Client.Post("/twins/d1/methods", body).Status);
        }

        [Fact]
        public void An_unknown_device_is_DeviceNotFound()
        {
            Assert.Equal("DeviceNotFound", _scene.Client.Post("/twins/nobody/methods", """{"methodName":"m","payload":1}""").Error);
        }
    }
}

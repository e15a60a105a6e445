using System.Net;
using System.Text.Json.Nodes;

namespace nanoOta.Hub.Tests
{
    /// <summary>A hub whose thousand devices are in the middle of a rollout, with its page.</summary>
    internal sealed class PageScene : IDisposable
    {
        public const int Devices = 1000;
        public const int Failed = 30;
        public const int Downloading = 70;

        private readonly HubServer _server;

        public PageScene()
        {
            Hub = new IotHub(new HubOptions { Units = 0, IndexLag = TimeSpan.Zero });
            Board = HubBoard.Of(Hub, new FleetHistory(null));
            _server = new HubServer(Hub, IPAddress.Loopback, 0, new FleetPage(Board));
            for (int number = 0; number < Devices; number++)
            {
                string id = $"washer-{number:D4}";
                Hub.PutDevice(id, [], null);
                Hub.PatchTwin(id, new JsonObject { ["tags"] = new JsonObject { ["product"] = "washer", ["group"] = number % 20 == 0 ? "canary" : "field" } }, null);
            }

            for (int number = 0; number < Devices; number++)
            {
                Report(number, number < Failed ? "1.3.0" : number < Failed + Downloading ? "1.3.0" : number % 3 == 0 ? "1.3.0" : "1.4.0",
                    number < Failed ? 700 : number >= Failed + Downloading ? 1 : null, number >= Failed && number < Failed + Downloading ? "downloading" : "idle");
            }
        }

        public IotHub Hub { get; }

        public FleetBoard Board { get; }

        public string Url => $"http://127.0.0.1:{_server.Port}/";

        /// <summary>A device connects and reports.</summary>
        public void Report(int number, string current, int? code, string state)
        {
            string id = $"washer-{number:D4}";
            Hub.PatchTwin(id, new JsonObject { ["properties"] = new JsonObject { ["desired"] = new JsonObject { ["updateVersion"] = "1.4.0" } } }, null);
            string key = (string)Hub.GetDevice(id).Json["authentication"]!["symmetricKey"]!["primaryKey"]!;
            var connect = new DeviceConnect(id, $"127.0.0.1/{id}/?api-version=2021-04-12", SasToken.Sign($"127.0.0.1/devices/{id}", key, DateTime.UtcNow.AddHours(1), null), null);
            Assert.Equal(0, Hub.Connect(connect, new Deaf(), out DeviceSession? session));
            var ota = new JsonObject { ["current"] = current, ["state"] = state, ["progress"] = state == "downloading" ? number % 100 : 100 };
            if (state != "idle")
            {
                ota["target"] = "1.4.0";
            }

            if (code != null)
            {
                ota["last"] = new JsonObject { ["code"] = code, ["version"] = "1.4.0", ["time"] = "2026-11-20T12:00:00Z", ["reason"] = code == 700 ? "pump" : null };
            }

            byte[] report = System.Text.Encoding.UTF8.GetBytes(new JsonObject { ["ota"] = ota }.ToJsonString());
            Assert.True(Hub.Publish(session!, "$iothub/twin/PATCH/properties/reported/?$rid=1", report, 1));
        }

        public void Dispose()
        {
            _server.Dispose();
            Board.Dispose();
            Hub.Dispose();
        }
    }
}

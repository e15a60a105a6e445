using System.Text.Json.Nodes;
using nanoOta.Tests.Tool;
using nanoOta.Tool;

namespace nanoOta.Tests.Fleet
{
    /// <summary><c>nanoota doctor</c> and <c>nanoota status</c>: what keeps updates from devices, and what became of them.</summary>
    public sealed class DoctorTests : IDisposable
    {
        private readonly FleetScene _scene = new(devices: 3);

        public void Dispose()
        {
            _scene.Dispose();
        }

        [Fact]
        public void A_fleet_that_is_well_is_said_to_be_well()
        {
            Assert.Equal(0, _scene.Deploy("1.1.0").ExitCode);
            FleetScene.Await(() => _scene.Devices.Begun.Count == 3, "all take 1.1.0");
            ToolResult doctor = _scene.Run("doctor", "--json");
            Assert.True(doctor.ExitCode == 0, doctor.Output + doctor.Error);
            Assert.Contains(doctor.Events, e => (string?)e["sentence"] == "3 of 3 devices run 1.1.0, and none failed.");
        }

        [Fact]
        public void What_is_wrong_comes_first_with_what_to_do()
        {
            _scene.Hub.PutDevice("untagged", [], null);
            string expired = $"sv=1&se={Uri.EscapeDataString($"{DateTime.UtcNow.AddDays(-2):yyyy-MM-dd'T'HH:mm:ss'Z'}")}&sig=SECRET";
            Assert.Equal(0, _scene.Deploy("1.1.0", "--token", expired).ExitCode);
            _scene.Hub.PutConfiguration("rival", JsonNode.Parse("""{"id":"rival","content":{"deviceContent":{"properties.desired.updateVersion":"9.0.0"}},"targetCondition":"*","priority":99}""")!.AsObject(), null);
            ToolResult doctor = _scene.Run("doctor", "--json");
            Assert.Equal((int)ExitCode.Unsound, doctor.ExitCode);
            string[] faults = [.. doctor.Events.TakeWhile(e => !(bool)e["ok"]!).Select(e => (string)e["sentence"]!)];
            Assert.Contains(faults, fault => fault.StartsWith("untagged have no tag product or group", StringComparison.Ordinal));
            Assert.Contains(faults, fault => fault.StartsWith("untagged have never reported", StringComparison.Ordinal));
            Assert.Contains(faults, fault => fault.Contains("expired 2.0 days ago") && fault.EndsWith("nanoota rollout washer field --renew", StringComparison.Ordinal));
            Assert.Contains(faults, fault => fault.StartsWith("configuration rival has priority 99 and wins over nanoota-washer-field-1", StringComparison.Ordinal));
            Assert.DoesNotContain("SECRET", doctor.Output);
            Assert.Equal(faults.Length, doctor.Events.Count(e => !(bool)e["ok"]!));
        }

        [Fact]
        public void The_property_that_a_device_cannot_read_is_named()
        {
            _scene.Devices.Outcome = (device, _) => device == "dev-1" ? ResultCode.OfferMalformed : ResultCode.Applied;
            Assert.Equal(0, _scene.Deploy("1.1.0").ExitCode);
            FleetScene.Await(() => _scene.Devices.Begun.Count == 3, "all try 1.1.0");
            _scene.Hub.PatchTwin("dev-1", JsonNode.Parse("""{"properties":{"desired":{"updateShare":101}}}""")!.AsObject(), null);
            Assert.Contains("dev-1 (updateShare must be a whole number from 0 to 100.) cannot read", _scene.Run("doctor").Output);
        }

        [Fact]
        public void Status_says_totals_first_and_each_failure_with_its_devices()
        {
            _scene.Devices.Outcome = (device, _) => device == "dev-1" ? ResultCode.AccessDenied : ResultCode.Applied;
            Assert.Equal(0, _scene.Deploy("1.1.0").ExitCode);
            FleetScene.Await(() => _scene.Devices.Begun.Count == 3, "all try 1.1.0");
            ToolResult status = _scene.Run("status", "washer", "--json", "--watch", "--poll", "0.1");
            Assert.True(status.ExitCode == 0, status.Error);
            JsonObject last = status.Last;
            Assert.Equal((3, 2, 1), ((int)last["devices"]!, (int)last["counts"]!["applied"]!, (int)last["counts"]!["failed"]!));
            Assert.Equal(("dev-1", 504, "AccessDenied"), ((string?)last["failures"]![0]!["device"], (int)last["failures"]![0]!["code"]!, (string?)last["failures"]![0]!["name"]));
            string[] lines = _scene.Run("status").Output.Split('\n');
            Assert.StartsWith("  3 devices: 1 failed, 0 rolled back, 2 applied", lines[1]);
            Assert.Contains("--renew", lines[2]);
            Assert.Equal("    dev-1  runs 1.0.0, 2026-11-20T22:04:11Z", lines[3]);
        }

        [Fact]
        public void Without_a_rollout_there_is_nothing_to_show()
        {
            Assert.Contains("there is no rollout at ", _scene.Refusal(ExitCode.NoTarget, "status"));
        }

        [Theory]
        [InlineData("service", ExitCode.NoTarget)]
        [InlineData("device", ExitCode.Denied)]
        public void A_policy_without_the_right_is_refused_with_a_sentence(string policy, ExitCode code)
        {
            string connection = _scene.Hub.ConnectionString(policy, int.Parse(_scene.Connection.Split(':')[1].Split(';')[0], System.Globalization.CultureInfo.InvariantCulture));
            ToolResult result = ToolResult.Of("status", "--hub", connection);
            Assert.True((int)code == result.ExitCode, result.Error);
            Assert.DoesNotContain(connection.Split("SharedAccessKey=")[1].Split(';')[0], result.Error);
        }

        [Fact]
        public void Without_a_hub_it_is_said_where_one_is_named()
        {
            Assert.Contains("NANOOTA_HUB", ToolResult.Refusal(ExitCode.Usage, "status"));
        }
    }
}

using System.Text.Json.Nodes;
using nanoOta.Tests.Tool;
using nanoOta.Tool;
using nanoOta.Tool.Fleet;

namespace nanoOta.Tests.Fleet
{
    /// <summary><c>status</c>, <c>cancel</c> and <c>rollout --retry</c> of a deployment by Device Update, against a stand-in of its data plane.</summary>
    public sealed class DeviceUpdateStatusTests : IDisposable
    {
        private const string Id = "nanoota-field-v1_1_0";

        private readonly Workshop _workshop = new();
        private readonly DeviceUpdateStandIn _service = new();

        public DeviceUpdateStatusTests()
        {
            Deploy("1.0.0", "2026-11-19T22:00:00Z");
            Deploy("1.1.0", "2026-11-20T22:00:00Z");
            _service.Classes["class-a"]["dev-1"] = ResultCode.Applied;
            _service.Classes["class-a"]["dev-2"] = ResultCode.SelfTestFailed;
            _service.Classes["class-b"]["dev-3"] = ResultCode.Applied;
        }

        public void Dispose()
        {
            _service.Dispose();
            _workshop.Dispose();
        }

        [Fact]
        public void The_last_deployment_is_shown_with_totals_and_each_failure_with_advice()
        {
            string[] lines = Run("status", "washer", "field").Output.Split('\n');
            Assert.Equal($"field: {Id}, washer 1.1.0, Active, from 2026-11-20T22:00:00Z", lines[0]);
            Assert.StartsWith("  3 devices: 1 failed, 2 applied, 0 in progress, 0 cancelled", lines[1]);
            Assert.Equal($"  SelfTestFailed (700), 1 device: Rolled back: the self-test failed. {Advice.For(ResultCode.SelfTestFailed)}", lines[2]);
            Assert.Equal("    dev-2  runs 1.0.0", lines[3]);
            JsonObject last = Run("status", "washer", "field", "--json").Last;
            Assert.Equal((Id, 3, 1, 700), ((string?)last["deployment"], (int)last["devices"]!, (int)last["counts"]!["failed"]!, (int)last["failures"]![0]!["code"]!));
        }

        [Fact]
        public async Task Watching_ends_when_every_device_has_decided()
        {
            _service.Classes["class-b"]["dev-3"] = null;
            Task<ToolResult> watch = Task.Run(() => Run("status", "washer", "field", "--watch", "--poll", "0.05"), TestContext.Current.CancellationToken);
            FleetScene.Await(() => _service.Requests.Count(request => request.EndsWith("/status", StringComparison.Ordinal)) > 2, "the status is read again and again");
            _service.Classes["class-b"]["dev-3"] = ResultCode.Applied;
            ToolResult result = await watch;
            Assert.True(result.ExitCode == 0, result.Error);
            Assert.Contains("1 in progress", result.Output);
            Assert.Contains("0 in progress", result.Output);
        }

        [Theory]
        [InlineData("Canceled")]
        [InlineData("Inactive")]
        public async Task Watching_ends_when_the_deployment_is_over_although_devices_never_began(string state)
        {
            _service.Classes["class-b"]["dev-3"] = null;
            _service.Ended = (state, null);
            Task<ToolResult> watch = Task.Run(() => Run("status", "washer", "field", "--watch", "--poll", "0.05"), TestContext.Current.CancellationToken);
            FleetScene.Await(() => _service.Requests.Count(request => request.EndsWith("/status", StringComparison.Ordinal)) > 2, "the status is read while a device is in progress");
            _service.Classes = new() { ["class-a"] = [] };
            FleetScene.Await(() => watch.IsCompleted, "the watch ends");
            ToolResult result = await watch;
            Assert.Contains($"washer 1.1.0, {state}, from", result.Output);
            Assert.Contains("0 devices: 0 failed, 0 applied, 0 in progress", result.Output);
        }

        [Theory]
        [InlineData("{\"code\":\"GroupProcessingFailed\",\"message\":\"no\"}", "GroupProcessingFailed")]
        [InlineData(null, "no reason is given")]
        public void A_deployment_that_the_service_gave_up_ends_the_watch_with_its_error(string? error, string reason)
        {
            _service.Classes["class-b"]["dev-3"] = null;
            _service.Ended = ("Failed", error == null ? null : JsonNode.Parse(error));
            Assert.Contains($"has given up deployment {Id}: {reason}. Deploy again", Refusal(ExitCode.Refused, "status", "washer", "field", "--watch", "--poll", "0.05"));
            Assert.Single(_service.Requests, request => request.EndsWith("/status", StringComparison.Ordinal));
        }

        [Fact]
        public void A_deployment_is_cancelled_in_every_class_and_says_so_when_it_was_before()
        {
            Assert.Contains($"Deployment {Id} is cancelled for 2 classes of devices", Run("cancel", "washer", "field").Output);
            Assert.Equal([$"class-a cancel {Id}", $"class-b cancel {Id}"], _service.Acts);
            Assert.Contains("is cancelled already", Run("cancel", "washer", "field").Output);
            Assert.Equal(2, _service.Acts.Count);
            Assert.Contains("is cancelled, which is for good: deploy again", Refusal(ExitCode.NoTarget, "rollout", "washer", "field", "--retry"));
        }

        [Fact]
        public void A_cancel_that_broke_off_after_one_class_goes_on_with_the_other()
        {
            _service.Acts.Add($"class-a cancel {Id}");
            Assert.Contains("for 1 class of devices", Run("cancel", "washer", "field").Output);
            Assert.Equal($"class-b cancel {Id}", _service.Acts[^1]);
        }

        [Fact]
        public void A_deployment_to_no_device_at_all_is_removed()
        {
            _service.Classes.Clear();
            Assert.Contains("is cancelled and removed", Run("cancel", "washer", "field").Output);
            Assert.Equal([$"delete {Id}"], _service.Acts);
        }

        [Fact]
        public void Devices_that_failed_try_again_and_the_others_are_left_alone()
        {
            Assert.Contains("1 devices of 1 class try 1.1.0 again", Run("rollout", "washer", "field", "--retry").Output);
            Assert.Equal([$"class-a retry {Id}"], _service.Acts);
            _service.Classes["class-a"]["dev-2"] = ResultCode.Applied;
            Assert.Contains("so there is nothing to try again", Refusal(ExitCode.NoTarget, "rollout", "washer", "field", "--retry"));
        }

        [Fact]
        public void What_Device_Update_does_not_have_is_refused()
        {
            Assert.Contains("has no deployment of dryer to group field; the last one there is of washer 1.1.0", Refusal(ExitCode.NoTarget, "status", "dryer", "field"));
            Assert.Contains("has no deployment of washer to group nowhere.", Refusal(ExitCode.NoTarget, "cancel", "washer", "nowhere"));
            Assert.Contains("goes with --retry", Refusal(ExitCode.Usage, "rollout", "washer", "field"));
            Assert.Contains("--percent does not go with --device-update", Refusal(ExitCode.Usage, "rollout", "washer", "field", "--percent", "50"));
            Assert.Contains("GROUP is needed", Refusal(ExitCode.Usage, "status", "washer"));
        }

        private void Deploy(string version, string start)
        {
            ToolResult result = ToolResult.Of("deploy", _workshop.Image(version), version, "washer", "field", "--provider", "Contoso", "--start", start, "--device-update", _service.Instance, "--settings", Settings());
            Assert.True(result.ExitCode == 0, result.Error);
        }

        private ToolResult Run(params string[] args)
        {
            ToolResult result = ToolResult.Of([.. args, "--device-update", _service.Instance, "--settings", Settings()]);
            Assert.True(result.ExitCode == 0, result.Error);
            Assert.DoesNotContain(DeviceUpdateStandIn.Token, result.Output + result.Error);
            return result;
        }

        private string Refusal(ExitCode code, params string[] args) => ToolResult.Refusal(code, [.. args, "--device-update", _service.Instance, "--settings", Settings()]);

        private string Settings()
        {
            return _workshop.Write("settings.json", new JsonObject { ["container"] = _workshop.PathOf("www") + "/", ["url"] = _workshop.Server.Url + "www", ["device-update-token"] = DeviceUpdateStandIn.Token }.ToJsonString());
        }
    }
}

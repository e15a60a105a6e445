using System.Text.Json.Nodes;
using nanoOta.Tests.Tool;
using nanoOta.Tool;
using nanoOta.Tool.DeviceUpdates;

namespace nanoOta.Tests.Fleet
{
    /// <summary><c>nanoota deploy --device-update</c> against a stand-in of the service's data plane.</summary>
    public sealed class DeviceUpdateTests : IDisposable
    {
        private readonly Workshop _workshop = new();
        private readonly DeviceUpdateStandIn _service = new();

        public void Dispose()
        {
            _service.Dispose();
            _workshop.Dispose();
        }

        [Theory]
        [InlineData("https")]
        [InlineData("http")]
        public void An_image_is_imported_and_deployed_and_how_devices_download_is_said(string download)
        {
            ToolResult deploy = Deploy("1.1.0", "--start", "2026-11-20T22:00:00Z", "--download", download);
            Assert.True(deploy.ExitCode == 0, deploy.Error);
            Assert.Equal((12, true, download), ((int)deploy.Last["devices"]!, (bool)deploy.Last["imported"]!, (string?)deploy.Last["downloadSecurity"]));
            var expected = JsonNode.Parse($$$"""
                {"deploymentId":"nanoota-field-v1_1_0","startDateTime":"2026-11-20T22:00:00Z","groupId":"field",
                 "update":{"updateId":{"provider":"Contoso","name":"washer","version":"1.1.0"}},"downloadSecurity":"{{{download}}}"}
                """);
            Assert.True(JsonNode.DeepEquals(expected, Assert.Single(_service.Deployments).Value));
        }

        [Fact]
        public void Running_it_again_imports_nothing_twice_and_puts_the_same_deployment()
        {
            Assert.Equal(0, Deploy("1.1.0").ExitCode);
            ToolResult again = Deploy("1.1.0");
            Assert.True(again.ExitCode == 0, again.Error);
            Assert.False((bool)again.Last["imported"]!);
            Assert.Single(_service.Deployments);
            Assert.Single(_service.Requests, request => request == "POST updates:import");
        }

        [Fact]
        public void A_failure_of_the_import_comes_out_of_its_operation_with_advice_and_trace_id()
        {
            Assert.Equal(0, Deploy("1.1.0").ExitCode);

            // The same properties for another name.
            string sentence = Refusal(ExitCode.Refused, "1.2.0", "--name", "Dryer");
            Assert.Contains("UpdateLimitExceeded > UpdateProviderNameVersionCompatibility", sentence);
            Assert.Contains("One set of compatibility properties serves one provider and name", sentence);
            Assert.EndsWith("Trace id trace-1.", sentence);
            Assert.Contains("CannotDownload. The service reads the files by their URLs", Refusal(ExitCode.Refused, "1.3.0", "--url", _workshop.Server.Url + "nowhere"));
        }

        [Theory]
        [InlineData("Canceled", "{}", "ended the import with status Canceled: no reason is given")]
        [InlineData("Undefined", "{\"error\":{\"code\":\"InternalError\",\"innererror\":{\"code\":\"Storage\"}}}", "ended the import with status Undefined: InternalError > Storage")]
        [InlineData("Failed", "{\"error\":{\"message\":\"The files are gone.\"}}", "does not take the update: The files are gone.")]
        [InlineData("Failed", "{\"error\":[5]}", "does not take the update: no reason is given")]
        public void An_import_that_ended_in_any_other_way_is_not_asked_about_again(string status, string more, string reason)
        {
            _service.Operation = state =>
            {
                JsonObject ended = JsonNode.Parse(more)!.AsObject();
                ended["status"] = status;
                ended["traceId"] = "trace-9";
                return ended;
            };
            string sentence = Refusal(ExitCode.Refused, "1.1.0");
            Assert.Contains(reason, sentence);
            Assert.EndsWith("Trace id trace-9.", sentence);
            Assert.Single(_service.Requests, request => request.StartsWith("GET updates/operations/", StringComparison.Ordinal));
            Assert.Empty(_service.Deployments);
        }

        [Theory]
        [InlineData("{}")]
        [InlineData("{\"status\":5}")]
        public void A_state_of_an_import_that_cannot_be_read_ends_the_command(string state)
        {
            _service.Operation = _ => JsonNode.Parse(state)!.AsObject();
            Assert.Contains("does not know the import any more (200)", Refusal(ExitCode.Unreachable, "1.1.0"));
        }

        [Theory]
        [InlineData("NotStarted")]
        [InlineData("Running")]
        public async Task An_import_that_does_not_end_is_left_after_an_hour_and_can_be_taken_up_again(string status)
        {
            Directory.CreateDirectory(_workshop.PathOf("www"));
            _service.Operation = state =>
            {
                state["status"] = status;
                state["traceId"] = "trace-9";
                return state;
            };
            TimeSpan waited = TimeSpan.Zero;
            using var client = new DeviceUpdateClient(_service.Instance, DeviceUpdateClient.DefaultVersion, DeviceUpdateStandIn.Token)
            {
                Delay = (wait, _) =>
                {
                    waited += wait;
                    return Task.CompletedTask;
                },
            };
            var item = new JsonObject { ["importManifest"] = new JsonObject { ["url"] = _workshop.Server.Url + "www/none.json" } };
            Failure failure = await Assert.ThrowsAsync<Failure>(() => client.ImportAsync(item, TestContext.Current.CancellationToken));
            Assert.Equal((ExitCode.Unreachable, TimeSpan.FromHours(1)), (failure.Code, waited));
            Assert.EndsWith("run the command again later. Trace id trace-9.", failure.Message);
        }

        [Fact]
        public async Task That_the_service_throttles_or_is_down_is_said_once_until_it_answers_again()
        {
            List<string> said = [];
            using var client = new DeviceUpdateClient(_service.Instance, DeviceUpdateClient.DefaultVersion, DeviceUpdateStandIn.Token) { Waits = said.Add, Delay = (_, _) => Task.CompletedTask };
            foreach (int status in new[] { 429, 503, 0, 503, 503 })
            {
                _service.Faults.Enqueue(status);
            }

            for (int i = 0; i < 2; i++)
            {
                Assert.Equal(12, await client.CountAsync("field", TestContext.Current.CancellationToken));
            }

            Assert.Equal(
            [
                $"{client.Name} throttles: the request is sent again after 10 s, 5 times in all. Ctrl+C ends it.",
                $"{client.Name} answers 503: the request is sent again after 10 s, 5 times in all. Ctrl+C ends it.",
            ], said);
        }

        [Fact]
        public void An_update_that_the_service_has_with_another_image_is_not_deployed()
        {
            Assert.Equal(0, Deploy("1.1.0").ExitCode);
            string other = _workshop.Image("1.1.0", seed: 3);
            string elsewhere = _workshop.PathOf("other") + "/";
            Assert.Contains("has Contoso washer 1.1.0 already, with another image", ToolResult.Refusal(ExitCode.Conflict,
                ["deploy", other, "1.1.0", "washer", "field", "--device-update", _service.Instance, "--provider", "Contoso", "--settings", Settings(), "--container", elsewhere, "--url", _workshop.Server.Url + "other"]));
            Assert.Single(_service.Requests, request => request.StartsWith("PUT", StringComparison.Ordinal));
        }

        [Fact]
        public void A_group_that_is_not_there_is_explained_and_the_update_stays_imported()
        {
            string sentence = Refusal(ExitCode.NoTarget, "1.1.0", group: "nowhere");
            Assert.Contains("has no group nowhere", sentence);
            Assert.Contains("ADUGroup", sentence);
            Assert.Equal(0, Deploy("1.1.0").ExitCode);
        }

        [Theory]
        [InlineData(401, ExitCode.Denied, "az login")]
        [InlineData(403, ExitCode.Denied, "Device Update Content Administrator")]
        [InlineData(400, ExitCode.Usage, "400 BadRequest > Outer > Inner")]
        public void A_refusal_in_either_form_or_none_is_a_sentence(int status, ExitCode code, string reason)
        {
            _service.Faults.Enqueue(status);
            Assert.Contains(reason, Refusal(code, "1.1.0"));
        }

        [Theory]
        [InlineData("--device-update needs --provider", "--device-update", "contoso.api.adu.microsoft.com/fleet")]
        [InlineData("is no instance of Device Update", "--device-update", "contoso.api.adu.microsoft.com", "--provider", "Contoso")]
        [InlineData("is no instance of Device Update", "--device-update", "http://contoso.api.adu.microsoft.com/fleet", "--provider", "Contoso")]
        [InlineData("--canary does not go with --device-update: Device Update has no percentage, canary, window", "--device-update", "contoso.api.adu.microsoft.com/fleet", "--provider", "Contoso", "--canary", "5")]
        public void What_makes_no_sense_is_refused_before_anything_is_sent(string reason, params string[] args)
        {
            Assert.Contains(reason, ToolResult.Refusal(ExitCode.Usage, ["deploy", _workshop.Image("1.1.0"), "1.1.0", "washer", "field", "--settings", Settings(), .. args]));
            Assert.False(Directory.Exists(_workshop.PathOf("www")));
        }

        [Fact]
        public void A_pre_release_is_refused_because_the_service_knows_numbers_alone()
        {
            Assert.Contains("versions of numbers alone: 1.1.0 instead of 1.1.0-rc.1", ToolResult.Refusal(ExitCode.Usage, Args("1.1.0", "1.1.0-rc.1", "field")));
        }

        [Theory]
        [InlineData("not json")]
        [InlineData("[]")]
        [InlineData("{\"createdDateTime\":5}")]
        public void Whatever_lies_in_the_container_under_the_name_of_the_import_manifest_is_not_overwritten(string there)
        {
            Directory.CreateDirectory(_workshop.PathOf("www"));
            _workshop.Write("www/v1_1_0.importmanifest.json", there);
            Assert.Contains("holds an import manifest of 1.1.0 already, with other content", Refusal(ExitCode.Conflict, "1.1.0"));
        }

        [Theory]
        [InlineData("{\"error\":\"invalid_token\",\"title\":5,\"traceId\":{}}")]
        [InlineData("{\"error\":{\"code\":\"\\ud800\",\"message\":\"\\ud800\"},\"title\":\"\\ud800\",\"traceId\":\"\\ud800\"}")]
        public void An_error_in_a_form_of_a_proxy_or_of_no_Unicode_is_no_internal_error(string text)
        {
            JsonObject answer = JsonNode.Parse(text)!.AsObject();
            Assert.Equal("contoso/fleet refuses to import the update (400): no reason is given", DeviceUpdateFailure.For("contoso/fleet", 400, answer, "import the update").Message);
        }

        [Fact]
        public void A_dry_run_shows_the_deployment_and_sends_nothing()
        {
            ToolResult dry = Deploy("1.1.0", "--dry-run");
            Assert.True(dry.ExitCode == 0, dry.Error);
            Assert.Equal("https", (string?)dry.Last["deployment"]!["downloadSecurity"]);
            Assert.Empty(_service.Requests);
            Assert.False(Directory.Exists(_workshop.PathOf("www")));
        }

        private ToolResult Deploy(string version, params string[] more) => ToolResult.Of([.. Args(version, version, "field"), "--json", .. more]);

        private string Refusal(ExitCode code, string version, string option = "--name", string value = "washer", string group = "field")
        {
            return ToolResult.Refusal(code, [.. Args(version, version, group), option, value]);
        }

        private string[] Args(string image, string version, string group)
        {
            return ["deploy", _workshop.Image(image), version, "washer", group, "--device-update", _service.Instance, "--provider", "Contoso", "--settings", Settings()];
        }

        private string Settings()
        {
            return _workshop.Write("settings.json", new JsonObject { ["container"] = _workshop.PathOf("www") + "/", ["url"] = _workshop.Server.Url + "www", ["device-update-token"] = DeviceUpdateStandIn.Token }.ToJsonString());
        }
    }
}

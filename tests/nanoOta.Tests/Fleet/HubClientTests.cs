using System.Net;
using nanoOta.Tests.Tool;
using nanoOta.Tool;
using nanoOta.Tool.Commands;
using nanoOta.Tool.Fleet;

namespace nanoOta.Tests.Fleet
{
    /// <summary>What a hub and the network answer, and what the tool makes of it. Each answer has the form that was seen at the real hub.</summary>
    public sealed class HubClientTests
    {
        private const string Connection = "HostName=contoso.azure-devices.net;SharedAccessKeyName=service;SharedAccessKey=c2VjcmV0c2VjcmV0";
        private const string Throttled = """{"Message":"ErrorCode:ThrottlingException;The request has been throttled. Wait 10 seconds and try again. Operation type: ConfigurationWrite","ExceptionMessage":""}""";

        private readonly List<TimeSpan> _waits = [];
        private readonly List<string> _said = [];

        [Fact]
        public void A_signature_is_for_the_host_and_lasts_twenty_minutes()
        {
            string header = HubAddress.Parse(Connection).Authorize(DateTimeOffset.UnixEpoch);
            Assert.Equal("SharedAccessSignature sr=contoso.azure-devices.net&sig=BEVC0sDGSnwPHqgbDVUPZbZ5f%2FTQbBYBuxNWaXXBQwk%3D&se=1200&skn=service".Split("&sig=")[0], header.Split("&sig=")[0]);
            Assert.EndsWith("&se=1200&skn=service", header);
            byte[] expected = System.Security.Cryptography.HMACSHA256.HashData(Convert.FromBase64String("c2VjcmV0c2VjcmV0"), "contoso.azure-devices.net\n1200"u8);
            Assert.Contains($"&sig={Uri.EscapeDataString(Convert.ToBase64String(expected))}&", header);
        }

        [Theory]
        [InlineData("", "has no HostName")]
        [InlineData("HostName=contoso.azure-devices.net;SharedAccessKeyName=service", "has no SharedAccessKey.")]
        [InlineData("HostName=contoso.azure-devices.net;DeviceId=dev-1;SharedAccessKey=c2VjcmV0", "is a device's")]
        [InlineData("HostName=contoso.azure-devices.net;SharedAccessKeyName=service;SharedAccessKey=c2Vjcm", "is not whole")]
        [InlineData("HostName=a b;SharedAccessKeyName=service;SharedAccessKey=c2VjcmV0", "is no host name")]
        public void A_connection_string_that_cannot_be_read_is_explained_and_not_repeated(string text, string reason)
        {
            Failure failure = Assert.Throws<Failure>(() => HubAddress.Parse(text));
            Assert.Equal(ExitCode.Usage, failure.Code);
            Assert.Contains(reason, failure.Message);
            Assert.DoesNotContain("c2Vjcm", failure.Message);
        }

        [Fact]
        public async Task Throttling_without_Retry_After_is_waited_for_with_jitter()
        {
            using HubClient hub = Client(Answer(429, Throttled), Answer(429, Throttled), Answer(200, "[]"));
            Assert.Empty(await hub.ConfigurationsAsync(TestContext.Current.CancellationToken));
            Assert.Equal(2, _waits.Count);
            Assert.All(_waits, wait => Assert.InRange(wait.TotalSeconds, 5, 15));
        }

        [Fact]
        public async Task Retry_After_is_followed_up_to_a_minute()
        {
            using HubClient hub = Client(Answer(429, Throttled, retryAfter: 3), Answer(429, Throttled, retryAfter: 3600), Answer(200, "[]"));
            await hub.ConfigurationsAsync(TestContext.Current.CancellationToken);
            Assert.Equal([3, 60], _waits.Select(wait => wait.TotalSeconds));
        }

        [Fact]
        public async Task Retry_After_of_nothing_is_no_reason_to_ask_without_end()
        {
            using HubClient hub = Client(Answer(429, Throttled, retryAfter: 0));
            await Assert.ThrowsAsync<Failure>(() => hub.ConfigurationsAsync(TestContext.Current.CancellationToken));
            Assert.Equal(300, _waits.Count);
        }

        [Fact]
        public async Task Retry_After_counts_for_a_service_that_is_down_as_well_and_may_be_a_time()
        {
            using HubClient hub = Client(Answer(503, "", retryAfter: 20), () =>
            {
                HttpResponseMessage response = Answer(503, "")();
                response.Headers.RetryAfter = new System.Net.Http.Headers.RetryConditionHeaderValue(DateTimeOffset.UtcNow.AddHours(1));
                return response;
            }, Answer(200, "[]"));
            await hub.ConfigurationsAsync(TestContext.Current.CancellationToken);
            Assert.Equal([20, 60], _waits.Select(wait => wait.TotalSeconds));
        }

        [Fact]
        public async Task A_wait_is_said_once_with_its_reason_and_its_end()
        {
            using HubClient hub = Client(Answer(429, Throttled, retryAfter: 3), Answer(429, Throttled, retryAfter: 3), Answer(200, "[]"));
            await hub.ConfigurationsAsync(TestContext.Current.CancellationToken);
            await hub.ConfigurationsAsync(TestContext.Current.CancellationToken);
            Assert.Equal("contoso.azure-devices.net throttles: the request is sent again after 3 s, and so on for up to 5 minutes. Ctrl+C ends it.", Assert.Single(_said));
        }

        [Theory]
        [InlineData("{}")]
        [InlineData("5")]
        [InlineData("<html>")]
        public async Task An_answer_of_another_service_is_no_internal_error(string body)
        {
            using HubClient hub = Client(Answer(200, body));
            Failure failure = await Assert.ThrowsAsync<Failure>(() => hub.ConfigurationsAsync(TestContext.Current.CancellationToken));
            Assert.Equal(ExitCode.Unreachable, failure.Code);
            Assert.Contains("not that of an IoT hub", failure.Message);
        }

        [Fact]
        public async Task Throttling_that_does_not_end_has_its_own_exit_status()
        {
            using HubClient hub = Client(Answer(429, Throttled));
            Failure failure = await Assert.ThrowsAsync<Failure>(() => hub.ConfigurationsAsync(TestContext.Current.CancellationToken));
            Assert.Equal(ExitCode.Throttled, failure.Code);
            Assert.Contains("Nothing is half done", failure.Message);
            Assert.InRange(_waits.Sum(wait => wait.TotalMinutes), 5, 6.5);
        }

        [Fact]
        public async Task A_network_that_is_gone_is_tried_again_and_then_said_to_be_gone()
        {
            using HubClient hub = Client(() => throw new HttpRequestException(HttpRequestError.NameResolutionError));
            Failure failure = await Assert.ThrowsAsync<Failure>(() => hub.ConfigurationsAsync(TestContext.Current.CancellationToken));
            Assert.Equal((ExitCode.Unreachable, 3), (failure.Code, _waits.Count));
            Assert.Contains("there is no host of that name", failure.Message);
        }

        [Fact]
        public async Task A_network_that_comes_back_is_no_failure()
        {
            using HubClient hub = Client(() => throw new HttpRequestException("reset"), Answer(503, ""), Answer(200, "[]"));
            Assert.Empty(await hub.ConfigurationsAsync(TestContext.Current.CancellationToken));
        }

        [Fact]
        public async Task A_direct_method_is_never_sent_twice_because_it_may_have_run()
        {
            using HubClient lost = Client(() => throw new HttpRequestException("reset"));
            await Assert.ThrowsAsync<Failure>(() => lost.CallAsync("dev-1", "update", [], 30, TestContext.Current.CancellationToken));
            using HubClient failed = Client(Answer(500, ""));
            Assert.Equal(500, (await failed.CallAsync("dev-1", "update", [], 30, TestContext.Current.CancellationToken)).Status);
            Assert.Empty(_waits);
        }

        [Fact]
        public async Task A_refused_key_and_a_clock_that_is_off_are_told_apart()
        {
            const string Body = """{"Message":"ErrorCode:IotHubUnauthorizedAccess;Unauthorized","ExceptionMessage":"Tracking ID:1"}""";
            using HubClient denied = Client(Answer(401, Body, "IotHubUnauthorizedAccess", date: DateTimeOffset.UtcNow));
            Failure failure = await Assert.ThrowsAsync<Failure>(() => denied.ConfigurationsAsync(TestContext.Current.CancellationToken));
            Assert.Equal(ExitCode.Denied, failure.Code);
            Assert.Contains("policy 'service'", failure.Message);
            using HubClient off = Client(Answer(401, Body, "IotHubUnauthorizedAccess", date: DateTimeOffset.UtcNow.AddHours(2)));
            failure = await Assert.ThrowsAsync<Failure>(() => off.ConfigurationsAsync(TestContext.Current.CancellationToken));
            Assert.Equal(ExitCode.ClockOff, failure.Code);
            Assert.Contains("differs from the hub's by 120 minutes", failure.Message);
        }

        [Fact]
        public async Task A_create_whose_answer_was_lost_counts_as_done_when_the_configuration_is_this_very_one()
        {
            DeviceConfiguration mine = new Rollout { Group = new DeviceGroup("washer", "field"), Version = "1.1.0", Container = "https://x/y", Number = 1 }.ToConfiguration(null);
            using HubClient hub = Client(() => throw new HttpRequestException("reset"), Answer(409, "{}", "ConfigurationAlreadyExists"), Answer(200, mine.ToJson().ToJsonString()));
            Assert.True(await hub.CreateAsync(mine, TestContext.Current.CancellationToken));
            DeviceConfiguration theirs = new Rollout { Group = new DeviceGroup("washer", "field"), Version = "1.1.0", Container = "https://x/y", Number = 1 }.ToConfiguration(null);
            using HubClient other = Client(Answer(409, "{}", "ConfigurationAlreadyExists"), Answer(200, theirs.ToJson().ToJsonString()));
            Assert.False(await other.CreateAsync(mine, TestContext.Current.CancellationToken));
        }

        [Theory]
        [InlineData(false)]
        [InlineData(true)]
        public async Task A_step_that_is_written_counts_when_the_one_before_it_cannot_be_removed(bool isInterrupted)
        {
            var before = new Rollout { Group = new DeviceGroup("washer", "field"), Version = "1.1.0", Container = "https://x/y", Number = 1 };
            using var stop = new CancellationTokenSource();
            using HubClient hub = Client(Answer(200, $"[{before.ToConfiguration(null).ToJson().ToJsonString()}]"), Answer(200, "{}"), () =>
            {
                if (isInterrupted)
                {
                    stop.Cancel();
                }

                throw new HttpRequestException("reset");
            });
            Assert.Equal(2, (await new Rollouts(hub).WriteAsync(before with { Percent = 50 }, null, 1, 1, stop.Token)).Number);
        }

        [Fact]
        public async Task A_rollback_whose_answer_was_lost_names_the_version_so_that_the_next_one_goes_no_further_back()
        {
            var left = new Rollout { Group = new DeviceGroup("washer", "field"), Version = "1.2.0", Container = "https://x/y", Number = 1 };
            using HubClient hub = Client(Answer(200, $"[{left.ToConfiguration(null).ToJson().ToJsonString()}]"), () => throw new HttpRequestException("reset"));
            Failure failure = await Assert.ThrowsAsync<Failure>(() => RollbackCommand.WriteAsync(new Rollouts(hub), left with { Version = "1.1.0" }, null, left, TestContext.Current.CancellationToken));
            Assert.Equal(ExitCode.Unreachable, failure.Code);
            Assert.Contains("Add --to 1.1.0 then", failure.Message);
            failure = await Assert.ThrowsAsync<Failure>(() => RollbackCommand.WriteAsync(new Rollouts(hub), left with { Version = "1.1.0" }, null, left, new CancellationToken(canceled: true)));
            Assert.Equal(ExitCode.Interrupted, failure.Code);
        }

        [Fact]
        public async Task An_update_quotes_the_ETag_that_the_body_has_without_quotes()
        {
            var requests = new List<HttpRequestMessage>();
            using HubClient hub = Client(requests, Answer(200, """{"id":"a","content":{"deviceContent":{}},"targetCondition":"*","priority":1,"etag":"MQ=="}"""), Answer(200, "{}"));
            DeviceConfiguration read = (await hub.ConfigurationAsync("a", TestContext.Current.CancellationToken))!;
            Assert.True(await hub.UpdateAsync(read, TestContext.Current.CancellationToken));
            Assert.Equal("\"MQ==\"", requests[1].Headers.GetValues("If-Match").Single());
            Assert.False(requests[0].Headers.Contains("If-Match"));
        }

        [Theory]
        [InlineData("""{"Message":"ErrorCode:DeviceAlreadyExists;x","ExceptionMessage":"Tracking ID:1"}""", "ErrorCode:DeviceAlreadyExists;x")]
        [InlineData("""{"errorCode":409301,"message":"second form","trackingId":"1"}""", "second form")]
        [InlineData("""{"Message":"{\"errorCode\":404103,\"message\":\"not online\",\"info\":null}","ExceptionMessage":""}""", "not online")]
        [InlineData("<html>", "<html>")]
        [InlineData("", "")]
        public void An_error_is_read_from_each_of_its_forms(string body, string message)
        {
            Assert.Equal(message, new HubAnswer(400, body, null, null, null, null).Message);
        }

        [Fact]
        public void Each_code_has_advice_and_can_be_explained_by_number_and_name()
        {
            string unknown = Advice.For((ResultCode)9999);
            Assert.All(Enum.GetValues<ResultCode>(), code => Assert.NotEqual(unknown, Advice.For(code)));
            Assert.Equal(ToolResult.Of("explain", "700").Output, ToolResult.Of("explain", "selftestfailed").Output);
            Assert.Contains("Did you mean SelfTestFailed?", ToolResult.Refusal(ExitCode.Usage, "explain", "SelfTestFail"));
            ToolResult.Refusal(ExitCode.Usage, "explain", "99");
        }

        private static Func<HttpResponseMessage> Answer(int status, string body, string? error = null, int? retryAfter = null, DateTimeOffset? date = null)
        {
            return () =>
            {
                var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body) };
                response.Headers.Date = date;
                if (error != null)
                {
                    response.Headers.Add("iothub-errorcode", error);
                }

                if (retryAfter != null)
                {
                    response.Headers.Add("Retry-After", $"{retryAfter}");
                }

                return response;
            };
        }

        private HubClient Client(params Func<HttpResponseMessage>[] answers) => Client([], answers);

        private HubClient Client(List<HttpRequestMessage> requests, params Func<HttpResponseMessage>[] answers)
        {
            return new HubClient(HubAddress.Parse(Connection), new Script(requests, answers))
            {
                Waits = _said.Add,
                Delay = (wait, _) =>
                {
                    _waits.Add(wait);
                    return Task.CompletedTask;
                },
            };
        }

        // One answer after another; the last one again and again.
        private sealed class Script(List<HttpRequestMessage> requests, Func<HttpResponseMessage>[] answers) : HttpMessageHandler
        {
            private int _next;

            protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
            {
                Assert.Equal("https", request.RequestUri!.Scheme);
                Assert.Contains("api-version=2021-04-12", request.RequestUri.Query);
                requests.Add(request);
                return Task.FromResult(answers[Math.Min(_next++, answers.Length - 1)]());
            }
        }
    }
}

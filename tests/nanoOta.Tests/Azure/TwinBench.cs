using System.Text.Json.Nodes;
using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Cloud;

namespace nanoOta.Tests.Azure
{
    /// <summary>A twin channel on a hub, stepped as an agent would, on a clock that stands unless something waits.</summary>
    internal sealed class TwinBench
    {
        internal const string Request = """{"updateVersion":"1.1.0","updateUrl":"https://files.example/firmware"}""";

        private readonly ClientBench _cloud = new();

        internal TwinBench(string desired = "{}")
        {
            Hub.Twin.ReplaceDesired(desired);
            Connection = new HubConnection(Options, _cloud.NewClient);
            Channel = new TwinChannel(Options, Connection);
        }

        internal VirtualClock Clock => _cloud.Clock;

        internal LocalHub Hub => _cloud.Hub;

        /// <summary>Clients made, connected or not.</summary>
        internal int Clients => _cloud.Clients;

        /// <summary>What the clients told.</summary>
        internal List<HubStatus> Heard => _cloud.Heard;

        internal UpdateAgentOptions Options { get; } = HostOptions.Create("washer");

        internal HubConnection Connection { get; }

        internal TwinChannel Channel { get; }

        /// <summary>The version requested; null when there is no update request.</summary>
        internal string? Version => Channel.Offer?.Version?.Text;

        /// <summary>The property <c>ota</c> as the hub has it.</summary>
        internal JsonNode? Ota => JsonNode.Parse(Hub.Twin.Text)!["reported"]!["ota"];

        /// <summary>Lets the channel work for a time.</summary>
        internal TwinBench Run(double seconds)
        {
            long end = Clock.Uptime + (long)(seconds * 1000);
            int busy = 0;
            while (Clock.Uptime < end)
            {
                long now = Clock.TickCount64;
                long due = Channel.Step(now);
                busy = due > now ? 0 : busy + 1;
                Assert.True(busy < 10, "The channel does not rest.");
                Clock.Skip(Math.Max(0, Math.Min(due - Clock.TickCount64, end - Clock.Uptime)));
            }

            return this;
        }

        /// <summary>What an agent would report.</summary>
        internal void Report(UpdateState state, int progress = 0, ResultCode waiting = ResultCode.None)
        {
            Channel.Report(new UpdateStatus
            {
                Current = "1.0.0",
                Target = "1.1.0",
                State = state,
                BytesDone = progress,
                BytesTotal = 100,
                Waiting = waiting,
                Slot = "ota_0/deploy_1",
                LastCode = ResultCode.Applied,
                LastVersion = "1.0.0",
                LastTime = 1763677451,
            });
        }

        /// <summary>The device is deleted in the hub and made anew.</summary>
        internal void Renew(string desired) => _cloud.Renew(desired);

        /// <summary>Calls a direct method and lets the channel take it.</summary>
        /// <returns>Status and answer.</returns>
        internal (int? Status, string? Payload) Call(string name, string payload)
        {
            HubMethodCall call = Hub.CallMethod(name, payload);
            Run(2);
            return (call.Status, call.Payload);
        }
    }
}

extern alias StandIns;

using nanoOta.Conversations;
using nanoOta.Tests.StandIns;
using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Cloud;

namespace nanoOta.Tests.Azure
{
    /// <summary>The scripts of tests/conversations on the stand-in; tests/run-on-nanoclr.sh plays them on the real client.</summary>
    public sealed class ConversationTests
    {
        private static readonly string _folder = Path.Combine(ApiListing.Root, "tests", "conversations");

        public static TheoryData<string> Scripts => [.. Directory.GetFiles(_folder, "*.txt").Select(Path.GetFileName).Order(StringComparer.Ordinal).OfType<string>()];

        [Theory]
        [MemberData(nameof(Scripts))]
        public void A_conversation_goes_as_written(string script)
        {
            string[] lines = File.ReadAllLines(Path.Combine(_folder, script));

            string played = new ConversationRunner(new World()).Play(string.Join('\n', lines));

            Assert.Equal(lines.Where(line => line.Length > 0 && line[0] != '#'), played.TrimEnd('\n').Split('\n'));
        }

        [Fact]
        public void What_the_device_says_otherwise_is_seen()
        {
            const string Script = "? open\n> CONNECT dryer\n- accept\n= true";

            string played = new ConversationRunner(new World()).Play(Script);

            Assert.Equal("? open\n> CONNECT washer\n= MqttCommunicationException\n", played);
        }

        private sealed class World : IConversationWorld
        {
            private readonly VirtualClock _clock = new() { FollowsHost = false };
            private readonly ScriptedHub _hub = new();

            internal World()
            {
                DeviceClock.Current = _clock;
                DeviceCloud.Hub = _hub;
            }

            public DeviceClient NewClient() => new(ClientBench.Host, "washer", ClientBench.Key);

            public void Expect(string[] lines) => _hub.Expect(lines);

            public void Pass(int milliseconds) => _clock.Skip(milliseconds);

            public string[] TakeTraffic() => _hub.TakeTraffic();
        }
    }
}

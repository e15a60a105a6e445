using System.Text;
using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Cloud;
using nanoOta.VirtualDevice.Flash;

namespace nanoOta.Tests.Devices
{
    /// <summary>
    /// An agent by itself, with everything foreign to it in a test's hands: each call to a channel, source, store, module or
    /// delegate passes by <see cref="Throws"/>. What is updated is the other processor, so nothing reboots unless told to.
    /// </summary>
    internal sealed class Rig
    {
        private UpdateState _state;

        public Rig()
        {
            Mcu = new OtherMcu(new NorFlash(4096));
            Channel = new OfferChannel { Desired = _ => Request("1.1.0") };
            Publish("1.1.0");
        }

        public static byte[] Image { get; } = [.. Enumerable.Range(0, 9000).Select(i => (byte)(i * 13))];

        public OtherMcu Mcu { get; }

        public OfferChannel Channel { get; }

        public MemoryServer Server { get; } = new();

        public MemoryJournal Store { get; } = new(8);

        /// <summary>Where files come from, instead of the server.</summary>
        public Func<IImageSource>? Source { get; set; }

        public UpdateAgentOptions Options { get; private set; } = new();

        public Action<UpdateAgentOptions>? Configure { get; set; }

        public SelfTestResult SelfTest { get; set; } = SelfTestResult.Passed;

        /// <summary>Whether a call, by its name, throws now.</summary>
        public Func<string, bool> Throws { get; set; } = _ => false;

        public Dictionary<string, int> Hits { get; } = [];

        public List<(UpdateState From, UpdateState To)> Transitions { get; } = [];

        public UpdateAgent Agent { get; private set; } = null!;

        public long Now { get; private set; }

        public UpdateStatus Status => Agent.Status;

        public static string Request(string version, string more = "")
        {
            return $$"""{"updateVersion":"{{version}}",{{more}}"updateUrl":"{{Bench.Container}}"}""";
        }

        public void Publish(string version)
        {
            string hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Image));
            string stem = SemanticVersion.Parse(version).FileStem;
            Server.Put(Bench.Container + stem + ".bin", Image);
            Server.Put(Bench.Container + stem + ".json", Encoding.UTF8.GetBytes(
                $$"""{"schema":1,"version":"{{version}}","components":[{"id":"mcu","version":"2.0.0","size":{{Image.Length}},"sha256":"{{hash}}","urls":["{{stem}}.bin"]}]}"""));
        }

        /// <summary>A version with components of these ids.</summary>
        public void PublishParts(string version, params string[] components)
        {
            string hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Image));
            string stem = SemanticVersion.Parse(version).FileStem;
            string[] listed = [.. components.Select(id => $$"""{"id":"{{id}}","version":"{{version}}","size":{{Image.Length}},"sha256":"{{hash}}","urls":["{{stem}}.bin"]}""")];
            Server.Put(Bench.Container + stem + ".bin", Image);
            Server.Put(Bench.Container + stem + ".json", Encoding.UTF8.GetBytes($$"""{"schema":1,"version":"{{version}}","components":[{{string.Join(",", listed)}}]}"""));
        }

        public void Hit(string name)
        {
            Hits[name] = Hits.GetValueOrDefault(name) + 1;
            if (Throws(name))
            {
                throw new InvalidOperationException("planted in " + name);
            }
        }

        /// <summary>Makes the agent anew: what is in RAM is gone.</summary>
        /// <param name="start">Milliseconds after the boot at which the application starts it.</param>
        public Rig Boot(long start = 0)
        {
            Now = start;
            _state = UpdateState.Idle;
            Options = HostOptions.Create();
            Options.ApplicationVersion = "1.0.0";
            Options.Target = "ESP32_REV3";
            Options.Clock = () => Ask("Clock", 1_790_000_000 + Now / 1000);
            Options.SelfTest = _ => Ask("SelfTest", SelfTest);
            Options.IsBusy = () => Ask("IsBusy", false);
            Options.HasPower = () => Ask("HasPower", true);
            Options.Journal = Faulty<IRecordStore>.Around(Store, Hit);
            Options.Modules = [FaultyModule.Around(Mcu.Module(), Hit)];
            Configure?.Invoke(Options);
            Func<string, bool> throws = Throws;
            Throws = _ => false;
            Agent = new UpdateAgent(
                Options,
                Faulty<IUpdateChannel>.Around(Channel.Boot(), Hit),
                Faulty<IImageSource>.Around(Source?.Invoke() ?? Server.Connect(), Hit));
            Throws = throws;
            Hits.Clear();
            Agent.StatusChanged += (_, status) =>
            {
                if (status.State != _state)
                {
                    Transitions.Add((_state, status.State));
                    _state = status.State;
                }

                Hit("StatusChanged");
            };
            return this;
        }

        /// <summary>Steps the agent until the update request is dealt with or so many minutes have passed.</summary>
        public Rig Run(int minutes = 60 * 24)
        {
            long end = Now + minutes * 60_000L;
            for (int steps = 0; Now < end; steps++)
            {
                Assert.True(steps < 200_000, $"The agent does not come to rest: {_state}, {Status.Waiting}, {Status.Fault}");
                long due = Agent.Step(Now);
                if (IsIdle())
                {
                    break;
                }

                Now = Math.Min(end, Math.Max(Now, due));
            }

            return this;
        }

        /// <summary>Lets time pass, then steps once.</summary>
        public Rig Skip(int minutes)
        {
            Now += minutes * 60_000L;
            Agent.Step(Now);
            return this;
        }

        private bool IsIdle()
        {
            Func<string, bool> throws = Throws;
            Throws = _ => false;
            bool rest = Agent.IsIdle;
            Throws = throws;
            return rest;
        }

        private T Ask<T>(string name, T answer)
        {
            Hit(name);
            return answer;
        }
    }
}

using System.Security.Cryptography;
using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Boot;
using nanoOta.VirtualDevice.Cloud;
using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tests.Devices
{
    /// <summary>A virtual device on the bench: a flash, a server in memory, and an update request.</summary>
    internal sealed class Bench
    {
        public const string Container = "https://files.example/firmware/";

        public Bench(string layout = "esp32-8mb", string version = "1.0.0")
        {
            Layout = FlashLayouts.Find(layout)!;
            Flash = DeviceFactory.Make(Layout, Deployment(version), SampleImages.Esp32("1.16.0.0", 4096));
        }

        public FlashLayout Layout { get; }

        public NorFlash Flash { get; set; }

        public MemoryServer Server { get; } = new();

        public string Desired { get; set; } = "{}";

        public OfferChannel? OtherChannel { get; set; }

        public Func<UpdateAgentOptions, IUpdateChannel>? MakeChannel { get; set; }

        public Func<bool> KeepsRunning { get; set; } = () => false;

        /// <summary>Plans what happens beside the device, once its clock is there.</summary>
        public Action<VirtualClock>? OnClock { get; set; }

        public Func<IImageSource, IImageSource> Network { get; set; } = source => source;

        public DateTime Start { get; set; } = new(2026, 11, 20, 12, 0, 0, DateTimeKind.Utc);

        public SelfTestMode SelfTest { get; set; }

        public Action<UpdateAgentOptions>? Configure { get; set; }

        public VirtualClock? Clock { get; private set; }

        /// <summary>A clock for the device instead of one that begins at <see cref="Start"/> with each run.</summary>
        public VirtualClock? OwnClock { get; init; }

        /// <summary>Where files come from instead of <see cref="Server"/>.</summary>
        public Func<UpdateAgentOptions, IImageSource>? Source { get; set; }

        public Action<UpdateAgent>? OnAgent { get; set; }

        public Func<IEnumerable<UpdateModule>> Modules { get; set; } = () => [];

        public List<string> Log { get; } = [];

        public nanoOta.VirtualDevice.Device? Device { get; private set; }

        public DesiredChannel? Channel { get; private set; }

        public UpdateStatus Status => Device!.Status!;

        public static byte[] Deployment(string version, int size = 20000, int seed = 0)
        {
            int[] parts = [.. version.Split('-')[0].Split('.').Select(int.Parse)];
            return SampleImages.Deployment(new AssemblyVersion((ushort)parts[0], (ushort)parts[1], (ushort)parts[2]), size, (ulong)seed);
        }

        public void Publish(string version, params (string Id, string Version, byte[] Image)[] components)
        {
            Publish(version, "", components);
        }

        public void Publish(string version, string more, params (string Id, string Version, byte[] Image)[] components)
        {
            string stem = SemanticVersion.Parse(version).FileStem;
            var parts = new List<string>();
            foreach ((string id, string own, byte[] image) in components)
            {
                string name = $"{stem}.{id}.bin";
                Server.Put(Container + name, image);
                parts.Add($$"""{"id":"{{id}}","version":"{{own}}","size":{{image.Length}},"sha256":"{{Convert.ToHexStringLower(SHA256.HashData(image))}}","urls":["{{name}}"]}""");
            }

            string manifest = $$"""{"schema":1,"version":"{{version}}","compatibility":{"target":"{{Layout.Target}}"},{{more}}"components":[{{string.Join(",", parts)}}]}""";
            Server.Put(Container + stem + ".json", System.Text.Encoding.UTF8.GetBytes(manifest));
        }

        public RunEnd Request(string version, string more = "")
        {
            Desired = $$"""{"updateVersion":"{{version}}",{{more}}"updateUrl":"{{Container}}"}""";
            return Run();
        }

        /// <summary>
        /// Update requests for a version, and cuts the power at the program that follows so many others in the second deployment slot; 0: at
        /// that slot's first erase.
        /// </summary>
        public void CutAfter(int programs, string version, Tear tear)
        {
            Partition slot = new SlotMap(Layout).Deploy[1];
            int seen = 0;
            Flash.Watch = (erase, offset) =>
            {
                bool isThere = offset >= slot.Offset && offset < slot.End;
                seen += isThere && !erase ? 1 : 0;
                if (isThere && (programs == 0 ? erase && offset == slot.Offset : !erase && seen == programs + 1))
                {
                    (Flash.CutAt, Flash.Tear) = (Flash.Operations + 1, tear);
                }
            };
            Assert.Equal(RunEnd.PowerCut, Request(version));
            Flash.PowerOn();
            Flash.Watch = null;
        }

        public RunEnd Run()
        {
            var setup = new DeviceSetup
            {
                Channel = options => MakeChannel?.Invoke(options)
                    ?? (OtherChannel is { } other ? Faulty<IUpdateChannel>.Around(other.Boot(), name => other.Faulty(name)) : Channel = new DesiredChannel(() => Desired)),
                Source = Source ?? (_ => Network(Server.Connect())),
                Clock = Clock = OwnClock ?? new VirtualClock(Start) { FollowsHost = false },
                Configure = Configure,
                OnAgent = OnAgent,
                Modules = Modules,
                SelfTest = _ => SelfTest,
                KeepsRunning = KeepsRunning,
                Log = e => Log.Add($"{e.Name} {string.Join(' ', e.Data.Select(d => $"{d.Name}={d.Value}"))}"),
            };
            Device = new nanoOta.VirtualDevice.Device(Flash, Layout, setup);
            OnClock?.Invoke(Clock);
            int steps = 0;
            return Device.Run(() => ++steps > 1_000_000);
        }
    }
}

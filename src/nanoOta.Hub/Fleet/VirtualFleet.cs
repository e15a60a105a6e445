extern alias StandIns;

using System.Collections.Concurrent;
using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Boot;
using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;
using StandIns::nanoFramework.Azure.Devices.Client;
using StandIns::nanoOta.StandIns;

namespace nanoOta.Hub
{
    /// <summary>
    /// Thousands of virtual devices in one process, each with a flash of its own and the agent that ships. A device runs when the
    /// hub has something for it, until it has dealt with that; then it stands still, connected. Its waiting takes no time.
    /// </summary>
    public sealed class VirtualFleet : IVirtualFleet
    {
        // A wait for something that only the operator can bring: it is woken then.
        private static readonly TimeSpan _patience = TimeSpan.FromHours(2);
        private static readonly TimeSpan _shortPatience = TimeSpan.FromMinutes(1);

        private readonly IotHub _hub;
        private readonly FleetSettings _settings;
        private readonly FlashLayout _layout;
        private readonly SlotMap _map;
        private readonly CachedFiles _files = new();
        private readonly BlockPool _blocks = new();
        private readonly Dictionary<string, Member> _members = [];
        private readonly BlockingCollection<Member> _queue = [];
        private readonly Thread[] _workers;
        private readonly Lock _lock = new();
        private volatile Exception? _failure;
        private volatile bool _isDisposed;
        private int _running;

        /// <summary>Registers the devices that the hub does not know yet, and turns their power on.</summary>
        /// <param name="hub">The hub; its <see cref="IotHub.DesiredChanged"/> is taken.</param>
        /// <param name="settings">What the fleet is.</param>
        public VirtualFleet(IotHub hub, FleetSettings settings)
        {
            _hub = hub;
            _settings = settings;
            _layout = FlashLayouts.Find(settings.Layout) ?? throw new ArgumentException($"There is no layout {settings.Layout}.", nameof(settings));
            _map = new SlotMap(_layout);
            _ = AssemblyVersion.TryParse(settings.Version, out AssemblyVersion version);
            NorFlash factory = DeviceFactory.Make(_layout, SampleImages.Deployment(version, settings.ImageSize), null);
            foreach ((string id, string key) in FleetRegistry.Register(hub, settings))
            {
                _members[id] = new Member(id, key, factory.Copy());
            }

            hub.DesiredChanged = Wake;
            _workers = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(Work) { IsBackground = true, Name = "virtual fleet" })];
            foreach (Thread worker in _workers)
            {
                worker.Start();
            }

            foreach (string id in _members.Keys)
            {
                Wake(id);
            }
        }

        /// <inheritdoc/>
        public IReadOnlyCollection<string> Ids => _members.Keys;

        /// <summary>Bytes that the devices have fetched.</summary>
        public long BytesRead => _files.BytesRead;

        /// <inheritdoc/>
        public Exception? Failure => _failure;

        /// <summary>Whether no device has anything to do.</summary>
        public bool IsIdle => _queue.Count == 0 && Volatile.Read(ref _running) == 0;

        /// <inheritdoc/>
        public bool Settle(TimeSpan patience)
        {
            bool isIdle = SpinWait.SpinUntil(() => _failure != null || IsIdle, patience);
            return _failure == null ? isIdle : throw new InvalidOperationException($"A virtual device failed: {_failure}", _failure);
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            lock (_lock)
            {
                if (_isDisposed)
                {
                    return;
                }

                // The hub may have something for a device at any time, and wakes nobody from now on.
                _isDisposed = true;
                _queue.CompleteAdding();
            }

            _hub.DesiredChanged = null;
            foreach (Thread worker in _workers)
            {
                worker.Join();
            }

            foreach (Member member in _members.Values)
            {
                member.Network?.PowerOff();
            }

            _files.Dispose();
            _queue.Dispose();
        }

        private void Wake(string id)
        {
            lock (_lock)
            {
                if (!_isDisposed && _members.TryGetValue(id, out Member? member) && member.Wake())
                {
                    Interlocked.Increment(ref _running);
                    _queue.Add(member);
                }
            }
        }

        private void Work()
        {
            foreach (Member member in _queue.GetConsumingEnumerable())
            {
                try
                {
                    // When the fleet is disposed of, what is still queued is left.
                    while (!_isDisposed)
                    {
                        member.Begin();
                        Run(member);
                        if (!member.HasMore())
                        {
                            break;
                        }
                    }
                }
                catch (Exception e)
                {
                    // A defect of the stand-in. The device can be woken again.
                    _failure ??= new InvalidOperationException($"{member.Id}: {e.Message}", e);
                    member.Fail();
                }

                Interlocked.Decrement(ref _running);
            }
        }

        private void Run(Member member)
        {
            var clock = new VirtualClock(_hub.Clock.UtcNow) { FollowsHost = false };
            clock.Schedule.IsInline = true;
            var network = new ProcessNetwork(_hub, clock)
            {
                Woken = () => Wake(member.Id),
                Kept = member.Kept,
            };
            member.Network = network;
            DeviceCloud.Hub = network;
            member.Flash.PowerOn();
            string host = _hub.Options.HostNames[0];
            var device = new Device(member.Flash, _layout, new DeviceSetup
            {
                Clock = clock,
                Channel = options => new TwinChannel(options, new HubConnection(options, () => new DeviceClient(host, member.Id, member.Key))),
                Source = _ => _files.Connect(),
                Configure = options =>
                {
                    options.DeviceId = member.Id;
                    options.AllowUnsignedHttp = true;
                    _settings.Configure?.Invoke(options);
                },
                SelfTest = version => _settings.Fails(member.Id, version) ? SelfTestMode.Fail : SelfTestMode.Pass,
            });
            device.Run(() => clock.Elapsed > _patience || (clock.Elapsed > _shortPatience && device.Status?.Waiting == ResultCode.PercentageNotReached));
            network.Sleep();
            foreach (Partition slot in _map.Deploy)
            {
                member.Flash.Share(_blocks, (int)slot.Offset, (int)slot.Size);
            }
        }

        private sealed class Member(string id, string key, NorFlash flash)
        {
            private int _state;

            public string Id => id;

            public string Key => key;

            public NorFlash Flash => flash;

            public ConcurrentQueue<(string Topic, byte[] Payload)> Kept { get; } = new();

            /// <summary>Its way to the hub of the last run; null before the first.</summary>
            public ProcessNetwork? Network { get; set; }

            /// <summary>Notes that there is something to do.</summary>
            /// <returns>Whether it is to be queued: it is neither queued nor running.</returns>
            public bool Wake() => Interlocked.Exchange(ref _state, 2) == 0;

            /// <summary>Whether there was something new while it ran. If not, it sleeps.</summary>
            public bool HasMore()
            {
                // 2 while something is to be done, 1 while it runs and nothing new came, 0 asleep.
                return Interlocked.CompareExchange(ref _state, 0, 1) != 1;
            }

            /// <summary>It runs from now on.</summary>
            public void Begin() => Interlocked.Exchange(ref _state, 1);

            /// <summary>It sleeps, whatever there is to do.</summary>
            public void Fail() => Interlocked.Exchange(ref _state, 0);
        }
    }
}

using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;

namespace nanoOta.Hub
{
    /// <summary>
    /// A local IoT hub: registry, twins, queries, configurations, direct methods and devices' connections, for trying and testing.
    /// docs/fidelity.md says what it was compared with. Its methods may be called by several threads.
    /// </summary>
    public sealed partial class IotHub : IDisposable
    {
        private const string DeviceKind = "device";
        private const string ConfigurationKind = "configuration";
        private const string JobKind = "job";
        private const string PolicyKind = "policy";
        // What operators write is saved before they are answered; what devices report, every second.
        private const int TicksPerSave = 10;
        private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(100);

        private readonly Lock _lock = new();
        private readonly Lock _storeLock = new();
        private readonly HubStore _store;
        private readonly Gatekeeper _gatekeeper;
        private readonly SortedDictionary<string, DeviceRecord> _devices = new(StringComparer.Ordinal);
        private readonly List<DeviceRecord> _ghosts = [];
        private readonly SortedDictionary<string, ConfigurationRecord> _configurations = new(StringComparer.Ordinal);
        private readonly HashSet<(string Kind, string Id)> _unsaved = [];
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _work;
        private volatile Exception? _failure;

        /// <summary>Starts a hub with the state of its file.</summary>
        /// <exception cref="InvalidDataException">The file is of a later version, or a record in it is damaged.</exception>
        /// <exception cref="Microsoft.Data.Sqlite.SqliteException">The file cannot be read, or is no database.</exception>
        public IotHub(HubOptions options)
        {
            Options = options;
            Clock = new HubClock(options.Time);
            _gatekeeper = new Gatekeeper(options.HostNames, Clock);
            _store = new HubStore(options.StateFile);
            try
            {
                Load();
            }
            catch (Exception e)
            {
                _store.Dispose();
                throw e is SqliteException ? e : new InvalidDataException($"one of its records is damaged ({e.Message.TrimEnd('.')}).", e);
            }

            _work = Task.Run(WorkAsync);
        }

        /// <summary>How it behaves.</summary>
        public HubOptions Options { get; }

        /// <summary>Its time.</summary>
        public HubClock Clock { get; }

        /// <summary>Called with the id of each device whose twin, connection or existence changed. The hub is locked meanwhile: note the id and return.</summary>
        public Action<string>? DeviceChanged { get; set; }

        /// <summary>
        /// Called with the id of each device whose desired properties changed and that has no connection which hears of it, under the
        /// same conditions as <see cref="DeviceChanged"/>.
        /// </summary>
        public Action<string>? DesiredChanged { get; set; }

        /// <summary>What the hub itself failed with last (evaluations, jobs, saving, a request); null: nothing. The hub goes on.</summary>
        public Exception? Failure => _failure;

        /// <summary>Notes a defect, for <see cref="Failure"/>.</summary>
        internal void Note(Exception failure) => _failure = failure;

        /// <summary>The connection string of a policy.</summary>
        /// <param name="policy">The policy's name.</param>
        /// <param name="port">The REST port.</param>
        public string ConnectionString(string policy, int port)
        {
            return $"HostName={Options.HostNames[0]}:{port};SharedAccessKeyName={policy};SharedAccessKey={_gatekeeper.Keys[policy]};DefaultEndpointsProtocol=http";
        }

        /// <summary>The connection string of a device; null when there is no such device, or it has no key.</summary>
        public string? DeviceConnectionString(string id)
        {
            lock (_lock)
            {
                return _devices.GetValueOrDefault(id)?.PrimaryKey is { } key ? $"HostName={Options.HostNames[0]};DeviceId={id};SharedAccessKey={key}" : null;
            }
        }

        /// <summary>Sets the hub's clock forward, and does what is due then.</summary>
        public void Advance(TimeSpan by)
        {
            Clock.Advance(by);
            Tick();
        }

        /// <summary>What a request may do, by its authorization.</summary>
        /// <exception cref="HubError">Nothing.</exception>
        public Right Rights(string? authorization) => _gatekeeper.Rights(authorization);

        /// <summary>Writes what changed to the file.</summary>
        public void Save()
        {
            if (Options.StateFile == null)
            {
                return;
            }

            // In this order for all, so that an older state never overwrites a newer one.
            lock (_storeLock)
            {
                (string Kind, string Id)[] changed;
                List<(string, string, string?)> records;
                lock (_lock)
                {
                    changed = [.. _unsaved];
                    records = [.. changed.Select(item => (item.Kind, item.Id, Find(item.Kind, item.Id)?.ToJsonString(HubText.Options)))];
                    _unsaved.Clear();
                }

                try
                {
                    _store.Write(records);
                }
                catch (SqliteException)
                {
                    // The disk may have room again later.
                    lock (_lock)
                    {
                        _unsaved.UnionWith(changed);
                    }

                    throw;
                }
            }
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            if (_stop.IsCancellationRequested)
            {
                return;
            }

            _stop.Cancel();
            _work.Wait();
            lock (_lock)
            {
                foreach (DeviceRecord device in _devices.Values)
                {
                    device.Session?.Link.Close();
                }
            }

            try
            {
                Save();
            }
            finally
            {
                _store.Dispose();
                _stop.Dispose();
            }
        }

        private void Load()
        {
            foreach ((string policy, JsonObject json) in _store.Read(PolicyKind))
            {
                _gatekeeper.Restore(policy, (string)json["key"]!);
            }

            foreach ((string id, JsonObject json) in _store.Read(DeviceKind))
            {
                _devices[id] = DeviceRecord.Load(json);
            }

            foreach ((string id, JsonObject json) in _store.Read(ConfigurationKind))
            {
                ConfigurationRecord configuration = ConfigurationRecord.Load(json);
                configuration.EvaluationDue = Clock.UtcNow + Options.FirstEvaluation;
                _configurations[id] = configuration;
            }

            foreach ((string id, JsonObject json) in _store.Read(JobKind))
            {
                _jobs[id] = json;
            }

            foreach (string policy in Policies.All.Keys)
            {
                _unsaved.Add((PolicyKind, policy));
            }
        }

        private JsonObject? Find(string kind, string id)
        {
            return kind switch
            {
                DeviceKind => _devices.GetValueOrDefault(id)?.Save(),
                ConfigurationKind => _configurations.GetValueOrDefault(id)?.Save(),
                JobKind => _jobs.GetValueOrDefault(id),
                _ => new JsonObject { ["key"] = _gatekeeper.Keys[id] },
            };
        }

        private async Task WorkAsync()
        {
            try
            {
                int ticks = 0;
                using var timer = new PeriodicTimer(_tick, Clock.Provider);
                while (await timer.WaitForNextTickAsync(_stop.Token))
                {
                    ticks++;
                    Work(isSaving: ticks % TicksPerSave == 0);
                }
            }
            catch (OperationCanceledException)
            {
                // The hub is disposed of.
            }
        }

        // A tick that fails is noted, and must not stop the ones that follow.
        private void Work(bool isSaving)
        {
            try
            {
                Tick();
            }
            catch (Exception e)
            {
                Note(e);
            }

            try
            {
                if (isSaving)
                {
                    Save();
                }
            }
            catch (Exception e)
            {
                Note(e);
            }
        }

        private void Tick()
        {
            lock (_lock)
            {
                DateTime now = Clock.UtcNow;
                _ghosts.RemoveAll(ghost => ghost.GhostUntil <= now);
                EndExpiredSessions();
                EvaluateDue(now);
                RunDueJobs(now);
            }
        }

        // Every change goes through here: it is saved, and shown to watchers.
        private void Changed(DeviceRecord device)
        {
            _unsaved.Add((DeviceKind, device.Id));
            DeviceChanged?.Invoke(device.Id);
        }

        private DeviceRecord Device(string id) => _devices.GetValueOrDefault(id) ?? throw HubError.DeviceNotFound(id);
    }
}

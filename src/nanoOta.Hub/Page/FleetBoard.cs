using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using nanoOta.VirtualDevice;

namespace nanoOta.Hub
{
    /// <summary>The fleet as the page shows it: who is there, what has just changed, and what was before. Called by several threads.</summary>
    public sealed class FleetBoard : IDisposable
    {
        private const int MostPending = 64;

        // Devices may report any text as their version.
        private const int MostVersions = 20;
        private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(500);

        private readonly Lock _lock = new();
        private readonly SortedDictionary<string, FleetRow> _rows = new(StringComparer.Ordinal);
        private readonly HashSet<string> _changed = [];
        private readonly List<FleetEvent> _events = [];
        private readonly List<Channel<string>> _watchers = [];
        private readonly FleetHistory _history;
        private readonly TimeProvider _time;
        private readonly int _most;
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _work;
        private string _counts = "";
        private volatile Exception? _failure;

        /// <summary>Makes an empty board.</summary>
        /// <param name="source">Where its devices are, for the page's head.</param>
        /// <param name="history">What was before; the board disposes of it.</param>
        /// <param name="time">The time.</param>
        /// <param name="most">The most devices that it shows; whoever was silent longest gives way.</param>
        /// <param name="refresh">Brings the board up to date; called before each look, twice a second.</param>
        public FleetBoard(string source, FleetHistory history, TimeProvider time, int most = int.MaxValue, Action<FleetBoard>? refresh = null)
        {
            Source = source;
            _history = history;
            _time = time;
            _most = most;
            _work = Task.Run(() => WorkAsync(refresh));
        }

        /// <summary>Where its devices are.</summary>
        public string Source { get; }

        /// <summary>What following the devices, or writing their history, failed with last; null: nothing. The board goes on.</summary>
        public Exception? Failure => _failure;

        /// <summary>A device is there, or has changed.</summary>
        public void Set(FleetRow row)
        {
            lock (_lock)
            {
                FleetRow? before = _rows.GetValueOrDefault(row.Id);
                if (before == row)
                {
                    return;
                }

                if (before == null && _rows.Count >= _most)
                {
                    Remove(_rows.Values.MinBy(other => other.Heard)!.Id);
                }

                _rows[row.Id] = row;
                _changed.Add(row.Id);
                _events.AddRange(FleetNews.Of(before, row, _time.GetUtcNow().UtcDateTime));
            }
        }

        /// <summary>A device is no more.</summary>
        public void Remove(string id)
        {
            lock (_lock)
            {
                if (_rows.Remove(id))
                {
                    _changed.Add(id);
                }
            }
        }

        /// <summary>The last events of a device, the newest first.</summary>
        public IReadOnlyList<FleetEvent> History(string device)
        {
            Publish();
            return _history.Of(device);
        }

        /// <summary>Watches: first all there is, then what changes.</summary>
        /// <param name="changes">Brings messages until the watcher falls behind.</param>
        /// <returns>All there is.</returns>
        internal string Watch(out Channel<string> changes)
        {
            changes = Channel.CreateBounded<string>(new BoundedChannelOptions(MostPending) { SingleReader = true });
            JsonArray samples = _history.Samples();
            lock (_lock)
            {
                _watchers.Add(changes);
                return new JsonObject
                {
                    ["source"] = Source,
                    ["codes"] = Codes(),
                    ["rows"] = new JsonArray([.. _rows.Values.Select(row => row.ToJson())]),
                    ["samples"] = samples,
                }.ToJsonString(HubText.Options);
            }
        }

        /// <summary>Ends watching.</summary>
        internal void Leave(Channel<string> changes)
        {
            lock (_lock)
            {
                _watchers.Remove(changes);
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
            Publish();
            lock (_lock)
            {
                _watchers.ForEach(watcher => watcher.Writer.TryComplete());
                _watchers.Clear();
            }

            _history.Dispose();
            _stop.Dispose();
        }

        private async Task WorkAsync(Action<FleetBoard>? refresh)
        {
            try
            {
                using var timer = new PeriodicTimer(_tick);
                while (await timer.WaitForNextTickAsync(_stop.Token))
                {
                    Look(refresh);
                }
            }
            catch (OperationCanceledException)
            {
                // The board is disposed of.
            }
        }

        // A look that fails is noted, and must not stop the ones that follow.
        private void Look(Action<FleetBoard>? refresh)
        {
            try
            {
                refresh?.Invoke(this);
                Publish();
            }
            catch (Exception e)
            {
                _failure = e;
            }
        }

        private void Publish()
        {
            lock (_lock)
            {
                if (_changed.Count == 0)
                {
                    return;
                }

                DateTime now = _time.GetUtcNow().UtcDateTime;
                JsonObject counts = Counts();
                bool isSample = counts.ToJsonString() is var text && text != _counts;
                _counts = text;
                Remember(now, isSample ? counts : null);
                var message = new JsonObject
                {
                    ["rows"] = new JsonArray([.. _changed.Where(_rows.ContainsKey).Select(id => _rows[id].ToJson())]),
                    ["gone"] = new JsonArray([.. _changed.Where(id => !_rows.ContainsKey(id)).Select(id => JsonValue.Create(id))]),
                };
                if (isSample)
                {
                    message["sample"] = new JsonArray(HubClock.Text(now), counts);
                }

                _changed.Clear();
                _events.Clear();
                Send(message.ToJsonString(HubText.Options));
            }
        }

        // What cannot be written is lost: the page goes before its history.
        private void Remember(DateTime now, JsonObject? counts)
        {
            try
            {
                _history.Add(_events, now, counts);
            }
            catch (SqliteException e)
            {
                _failure = e;
            }
        }

        // One that falls behind is cut off: its browser connects again and begins with all there is.
        private void Send(string message)
        {
            foreach (Channel<string> watcher in _watchers.FindAll(watcher => !watcher.Writer.TryWrite(message)))
            {
                watcher.Writer.TryComplete();
                _watchers.Remove(watcher);
            }
        }

        private JsonObject Counts()
        {
            JsonObject counts = [];
            IGrouping<string, FleetRow>[] groups = [.. _rows.Values.Where(row => row.Current != null).GroupBy(row => row.Current!).OrderByDescending(group => group.Count())];
            foreach (IGrouping<string, FleetRow> group in groups.Take(MostVersions).OrderBy(group => group.Key, StringComparer.Ordinal))
            {
                counts[group.Key] = group.Count();
            }

            if (groups.Length > MostVersions)
            {
                counts["others"] = groups.Skip(MostVersions).Sum(group => group.Count());
            }

            return counts;
        }

        private static JsonArray Codes()
        {
            return [.. Enum.GetValues<ResultCode>().Select(code => new JsonArray((int)code, ResultText.Name(code), ResultText.Sentence(code)))];
        }
    }
}

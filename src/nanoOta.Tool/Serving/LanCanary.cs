using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using nanoOta.Tool.Fleet;

namespace nanoOta.Tool.Serving
{
    /// <summary>
    /// Widens and pauses the request of a folder that is served, by what devices report to the server. The plan stands in offer.json and
    /// what was reported beside it, so that the server can be ended at any time and goes on when it is started again.
    /// </summary>
    internal sealed class LanCanary
    {
        /// <summary>The file that keeps the reports; what begins with a dot is not served.</summary>
        public const string FileName = ".reports.json";

        private const int Most = 5000;
        private static readonly TimeSpan _longest = TimeSpan.FromHours(24);

        private readonly string _folder;
        private readonly Action<string, JsonObject> _tell;
        private readonly TimeProvider _clock;
        private readonly ConcurrentDictionary<string, JsonObject> _reports = new();
        private bool _isChanged;
        private string _said = "";

        /// <summary>Takes up what was reported before.</summary>
        /// <param name="folder">The folder.</param>
        /// <param name="tell">Takes what is done, as a sentence and as JSON.</param>
        /// <param name="clock">The time.</param>
        public LanCanary(string folder, Action<string, JsonObject> tell, TimeProvider clock)
        {
            _folder = folder;
            _tell = tell;
            _clock = clock;
            string path = Path.Combine(folder, FileName);
            if (File.Exists(path))
            {
                foreach ((string id, JsonNode? report) in Read(path))
                {
                    _reports[id] = report as JsonObject ?? [];
                }
            }
        }

        /// <summary>A device reported. Called by several threads.</summary>
        public void Reported(string device, JsonObject ota)
        {
            var kept = new JsonObject(new[] { "current", "target", "state", "waiting", "last" }.Where(ota.ContainsKey).Select(name => KeyValuePair.Create(name, ota[name]?.DeepClone())));
            if (_reports.Count < Most || _reports.ContainsKey(device))
            {
                _reports[device] = kept;
                _isChanged = true;
            }
        }

        /// <summary>Looks whether the request is to be widened or paused.</summary>
        public void Look()
        {
            try
            {
                if (_isChanged)
                {
                    _isChanged = false;
                    OutputFile.Write(Path.Combine(_folder, FileName), JsonFile.ToBytes(new JsonObject(_reports.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value.DeepClone())))));
                }

                if (!HasPlan(LanOffer.In(_folder)))
                {
                    return;
                }

                // Once more, now that nobody else writes it.
                using IDisposable held = LanOffer.Hold(_folder);
                LanOffer offer = LanOffer.In(_folder);
                if (HasPlan(offer))
                {
                    Judge(offer, offer.Plan!, offer.Version!);
                }
            }
            catch (Failure failure)
            {
                // A file that is being written by hand; serving goes on.
                Say(failure.Message, "canary", null);
            }
        }

        private static bool HasPlan(LanOffer offer) => !offer.IsPaused && offer.Plan != null && offer.Version != null;

        private static JsonObject Read(string path)
        {
            try
            {
                return JsonFile.Read(path);
            }
            catch (Failure failure)
            {
                throw new Failure(failure.Code, $"{failure.Message} Restore it, or delete it: only what devices report from then on counts.");
            }
        }

        private void Judge(LanOffer offer, LanPlan plan, string version)
        {
            var rollout = new Rollout { Group = new DeviceGroup("", ""), Version = version, Container = "", Percent = offer.Percent };
            DeviceRow[] rows = [.. _reports.Select(pair => DeviceRow.Read(new JsonObject { ["deviceId"] = pair.Key, ["ota"] = pair.Value.DeepClone() }, version))];
            DeviceRow[] taken = [.. rows.Where(row => rollout.TakesIn(row.Id))];
            int bad = rows.Count(row => row.IsBad), decided = rows.Count(row => row.IsDecided), applied = taken.Count(row => row.Progress == DeviceProgress.Applied);
            Say($"{version} at {offer.Percent} %: {rows.Length} devices have reported, {taken.Length} of them may update; {bad} failed, {applied} applied.", "canary", offer);
            if (FailureLimit.IsReached(plan.PauseAt, bad, decided))
            {
                Pause(offer, $"{bad} devices of {decided} that decided failed; the limit is {plan.PauseAt}");
                return;
            }

            TimeSpan lasted = _clock.GetUtcNow() - plan.Since;
            if (lasted < TimeSpan.FromMinutes(plan.Minutes) || taken.Length == 0 || !(taken.All(row => row.IsDecided) || (lasted >= _longest && applied > 0)))
            {
                return;
            }

            if (applied == 0)
            {
                Pause(offer, $"none of the {decided} devices that decided took {version}");
                return;
            }

            int? next = plan.Steps.Where(step => step > offer.Percent).Cast<int?>().FirstOrDefault();
            if (next == null)
            {
                offer.Plan = null;
                offer.Save();
                Say($"{version} is rolled out: {applied} devices run it, {bad} failed.", "finished", offer);
                return;
            }

            int before = offer.Percent;
            offer.Percent = next.Value;
            offer.Plan = plan with { Since = _clock.GetUtcNow() };
            offer.Save();
            Say($"{applied} devices took {version}: widened from {before} to {next} %.", "widened", offer);
        }

        private void Pause(LanOffer offer, string why)
        {
            offer.Pause();
            offer.Save();
            Say($"PAUSED: {why}. Devices that run {offer.Version} keep it. Take it back with 'nanoota rollback {_folder} --to VERSION', or go on with 'nanoota rollout {_folder} --resume', which pauses again unless a higher --pause-on-failure goes with it.", "paused", offer);
        }

        private void Say(string line, string what, LanOffer? offer)
        {
            if (line != _said)
            {
                _said = line;
                _tell(line, new JsonObject { ["event"] = what, ["text"] = line, ["version"] = offer?.Version, ["percent"] = offer?.Percent });
            }
        }
    }
}

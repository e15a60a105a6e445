using System.Text.Json.Nodes;

namespace nanoOta.Hub
{
    /// <content>Jobs: a twin patch or a method for every device of a condition.</content>
    public sealed partial class IotHub
    {
        private const int MaxJobId = 64;

        private readonly SortedDictionary<string, JsonObject> _jobs = new(StringComparer.Ordinal);

        /// <summary>Makes a job.</summary>
        /// <exception cref="HubError">The hub refuses it.</exception>
        public JsonObject PutJob(string id, JsonObject body)
        {
            if (id.Length is 0 or > MaxJobId || id.Any(c => !(char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')))
            {
                throw HubError.Argument($"Job id '{id}': 1 to {MaxJobId} lower-case letters, digits and hyphens.");
            }

            string type = HubText.Text(body, "type") ?? "";
            if (type is not ("scheduleUpdateTwin" or "scheduleDeviceMethod") || HubText.Member(body, type == "scheduleUpdateTwin" ? "updateTwin" : "cloudToDeviceMethod") == null)
            {
                throw HubError.Argument("type is scheduleUpdateTwin with updateTwin, or scheduleDeviceMethod with cloudToDeviceMethod.");
            }

            _ = HubText.Text(body, "queryCondition");
            if (type == "scheduleDeviceMethod")
            {
                MethodName(HubText.Member(body, "cloudToDeviceMethod")!);
            }

            lock (_lock)
            {
                DateTime now = Clock.UtcNow;
                DateTime start = StartOf(body, now);
                if (start > now.AddHours(168))
                {
                    throw HubError.Argument("startTime is more than 168 hours away.");
                }

                if (_jobs.ContainsKey(id))
                {
                    throw new HubError(409, "JobAlreadyExists", 0, $"A job with ID '{id}' already exists.");
                }

                if (_jobs.Values.Any(job => (string?)job["status"] is "queued" or "running"))
                {
                    throw new HubError(429, "ThrottlingMaxActiveJobCountExceeded", 429004, "One job at a time.");
                }

                var json = (JsonObject)body.DeepClone();
                json["jobId"] = id;
                json["createdTime"] = HubClock.Text(now);
                json["startTime"] = HubClock.Text(start);
                json["status"] = "queued";
                _jobs[id] = json;
                _unsaved.Add((JobKind, id));
                return (JsonObject)json.DeepClone();
            }
        }

        /// <summary>A job; of one that does not exist, IoT Hub says that it is unknown, and no error.</summary>
        public JsonObject GetJob(string id)
        {
            lock (_lock)
            {
                return (JsonObject?)_jobs.GetValueOrDefault(id)?.DeepClone() ?? new JsonObject { ["jobId"] = id, ["type"] = "unknown", ["status"] = "unknown" };
            }
        }

        /// <summary>Cancels a job that has not begun.</summary>
        /// <exception cref="HubError">There is none, or it is over.</exception>
        public JsonObject CancelJob(string id)
        {
            lock (_lock)
            {
                JsonObject job = _jobs.GetValueOrDefault(id) ?? throw new HubError(404, "JobNotFound", 0, $"Job {id} not found.");
                if ((string?)job["status"] != "queued")
                {
                    throw new HubError(405, "OperationNotAllowedInCurrentState", 0, $"Job {id} is {(string?)job["status"]}.");
                }

                job["status"] = "cancelled";
                _unsaved.Add((JobKind, id));
                return (JsonObject)job.DeepClone();
            }
        }

        /// <summary>Jobs by type and status; null: any.</summary>
        public JsonArray ListJobs(string? type, string? status)
        {
            lock (_lock)
            {
                return [.. _jobs.Values.Where(job => (type == null || (string?)job["type"] == type) && (status == null || (string?)job["status"] == status)).Select(job => job.DeepClone())];
            }
        }

        private static DateTime StartOf(JsonObject body, DateTime now)
        {
            if (HubText.Text(body, "startTime") is not { Length: > 0 } text)
            {
                return now;
            }

            return DateTimeOffset.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out DateTimeOffset start) ? start.UtcDateTime
                : throw HubError.Argument($"startTime '{text}' is not a time.");
        }

        private void RunDueJobs(DateTime now)
        {
            foreach ((string id, JsonObject job) in _jobs)
            {
                if ((string?)job["status"] == "queued" && IsDue(job, now))
                {
                    try
                    {
                        Run(job);
                    }
                    catch (Exception e)
                    {
                        // A job that cannot be run must not stop the hub, nor be tried again at every tick.
                        Fail(job, e.Message);
                    }

                    job["endTime"] = HubClock.Text(now);
                    _unsaved.Add((JobKind, id));
                }
            }
        }

        // A job whose start cannot be read (the state's file may come from an earlier version) is due: it fails when it runs.
        private static bool IsDue(JsonObject job, DateTime now)
        {
            try
            {
                return StartOf(job, now) <= now;
            }
            catch (HubError)
            {
                return true;
            }
        }

        private static void Fail(JsonObject job, string reason)
        {
            job["status"] = "failed";
            job["failureReason"] = reason;
        }

        // A condition that is not understood was accepted, and makes the job fail now.
        private void Run(JsonObject job)
        {
            string condition = HubText.Text(job, "queryCondition") ?? "";
            QueryExpression? where = null;
            try
            {
                where = condition is "*" or "" ? null : QueryParser.Condition(condition, out _);
            }
            catch (QueryException e)
            {
                Fail(job, e.Message);
                return;
            }

            int failed = 0;
            List<DeviceRecord> devices = [.. _devices.Values.Where(device => where == null || where(QueryRow.Of(device)) is true)];
            foreach (DeviceRecord device in devices)
            {
                failed += TryRun(job, device) ? 0 : 1;
            }

            job["status"] = "completed";
            job["deviceJobStatistics"] = new JsonObject
            {
                ["deviceCount"] = devices.Count,
                ["failedCount"] = failed,
                ["succeededCount"] = devices.Count - failed,
                ["runningCount"] = 0,
                ["pendingCount"] = 0,
            };
        }

        private bool TryRun(JsonObject job, DeviceRecord device)
        {
            if ((string?)job["type"] == "scheduleDeviceMethod")
            {
                // Whether the device does it is not waited for.
                JsonNode method = job["cloudToDeviceMethod"]!;
                return device.Session?.Send($"$iothub/methods/POST/{(string?)method["methodName"]}/?$rid=0", method["payload"]?.ToJsonString(HubText.Options) ?? "null") == true;
            }

            try
            {
                PatchTwin(device.Id, (JsonObject)job["updateTwin"]!, null);
                return true;
            }
            catch (HubError)
            {
                return false;
            }
        }

        private IEnumerable<QueryRow> JobRows()
        {
            return _jobs.Values.Select(QueryRow.Of);
        }
    }
}

using System.Text.Json.Nodes;
using nanoOta.Tool.Fleet;
using nanoOta.Tool.Serving;

namespace nanoOta.Tool.DeviceUpdates
{
    /// <summary>The last deployment of an update to a group: what became of it, cancelling it, trying it again.</summary>
    /// <param name="service">The instance.</param>
    /// <param name="output">Where it says what it does.</param>
    /// <param name="group">The group: the tag ADUGroup.</param>
    /// <param name="name">The update's name.</param>
    internal sealed class GroupDeployment(DeviceUpdateClient service, Output output, string group, string name)
    {
        /// <summary>Says what became of it: totals, then failures by code.</summary>
        /// <param name="most">How many devices of a code are named.</param>
        /// <param name="said">What was said last; the same is not said again.</param>
        /// <param name="stop">Ends it.</param>
        /// <returns>What was said, and whether every device has decided.</returns>
        public async Task<(string Said, bool IsSettled)> StatusAsync(int most, string said, CancellationToken stop)
        {
            JsonObject deployment = await LastAsync(stop).ConfigureAwait(false);
            string id = Id(deployment);
            (JsonObject status, JsonObject[] classes) = await ClassesAsync(id, stop).ConfigureAwait(false);
            long total = Sum(classes, "totalDevices"), failed = Sum(classes, "devicesCompletedFailedCount"), running = Sum(classes, "devicesInProgressCount"), done = Sum(classes, "devicesCompletedSucceededCount"), cancelled = Sum(classes, "devicesCanceledCount");
            string state = Text(status, "deploymentState") ?? "unknown";
            JsonObject[] devices = failed == 0 ? [] : await FailedAsync(id, stop).ConfigureAwait(false);
            List<string> lines = [$"{group}: {id}, {name} {Version(deployment)}, {state}, from {Text(deployment, "startDateTime")}"];
            lines.Add($"  {total} devices: {failed} failed, {done} applied, {running} in progress, {cancelled} cancelled. As devices have reported, up to five minutes ago.");
            if (status["error"] is JsonObject error)
            {
                lines.Add($"  {Text(error, "code")} {Text(error, "message")}".TrimEnd());
            }

            lines.AddRange(classes.Where(one => one["error"] is JsonObject).Select(one => $"  class {Text(one, "deviceClassId")}: {Text(one["error"]!.AsObject(), "code")} {Text(one["error"]!.AsObject(), "message")}"));
            foreach (IGrouping<string, JsonObject> failure in devices.GroupBy(Cause).OrderByDescending(those => those.Count()))
            {
                lines.Add($"  {failure.Key}, {(failure.Count() == 1 ? "1 device" : $"{failure.Count()} devices")}{About(failure.First())}");
                lines.AddRange(failure.Take(most).Select(device => $"    {Text(device, "deviceId")}  runs {Text(JsonMember.Of(device, "installedUpdate", "updateId") as JsonObject, "version") ?? "?"}"));
                if (failure.Count() > most)
                {
                    lines.Add($"    and {failure.Count() - most} more: --all shows them");
                }
            }

            string now = string.Join('\n', lines);
            if (now != said)
            {
                lines.ForEach(output.Line);
                output.Json(new JsonObject
                {
                    ["deployment"] = id,
                    ["group"] = group,
                    ["name"] = name,
                    ["version"] = Version(deployment),
                    ["state"] = state,
                    ["devices"] = total,
                    ["counts"] = new JsonObject { ["applied"] = done, ["failed"] = failed, ["inProgress"] = running, ["cancelled"] = cancelled },
                    ["failures"] = new JsonArray([.. devices.Select(device => (JsonNode)new JsonObject { ["device"] = Text(device, "deviceId"), ["code"] = Code(device) is { } code ? (int)code : null, ["name"] = Cause(device) })]),
                });
            }

            if (state == "Failed")
            {
                throw new Failure(ExitCode.Refused, $"{service.Name} has given up deployment {id}: {DeviceUpdateFailure.Reason(status["error"])}. Deploy again, under a new version.");
            }

            // A deployment that is over waits for no device that has not begun.
            return (now, running == 0 && (state is "Canceled" or "Inactive" || (total > 0 && failed + done + cancelled >= total)));
        }

        /// <summary>Cancels it in every class of devices that the group has: no further device begins.</summary>
        public async Task<ExitCode> CancelAsync(CancellationToken stop)
        {
            JsonObject deployment = await LastAsync(stop).ConfigureAwait(false);
            string id = Id(deployment);
            (_, JsonObject[] classes) = await ClassesAsync(id, stop).ConfigureAwait(false);
            JsonObject[] open = [.. classes.Where(one => Text(one, "deploymentState") != "Canceled")];
            if (classes.Length == 0)
            {
                // Cancelling goes class by class, and there is none yet.
                await service.DoAsync(HttpMethod.Delete, $"{Path}/{Escape(id)}", $"delete deployment {id}", stop).ConfigureAwait(false);
            }

            foreach (JsonObject one in open)
            {
                await ActAsync(one, id, "cancel", stop).ConfigureAwait(false);
            }

            output.Line(classes.Length > 0 && open.Length == 0 ? $"Deployment {id} is cancelled already."
                : $"Deployment {id} is cancelled{(classes.Length == 0 ? " and removed: no device belonged to it" : $" for {Count(open.Length)} of devices")}. Devices that run {Version(deployment)} keep it. A cancelled deployment does not come back: deploy again.");
            output.Json(new JsonObject { ["event"] = "cancelled", ["deployment"] = id, ["group"] = group, ["classes"] = open.Length });
            return ExitCode.Done;
        }

        /// <summary>Lets the devices try again on which it failed.</summary>
        public async Task<ExitCode> RetryAsync(CancellationToken stop)
        {
            JsonObject deployment = await LastAsync(stop).ConfigureAwait(false);
            string id = Id(deployment);
            (_, JsonObject[] classes) = await ClassesAsync(id, stop).ConfigureAwait(false);
            JsonObject[] open = [.. classes.Where(one => Text(one, "deploymentState") != "Canceled")];
            JsonObject[] failed = [.. open.Where(one => Sum([one], "devicesCompletedFailedCount") > 0)];
            if (failed.Length == 0)
            {
                throw new Failure(ExitCode.NoTarget, open.Length < classes.Length && open.Length == 0
                    ? $"deployment {id} is cancelled, which is for good: deploy again."
                    : $"no device of group {group} has failed deployment {id}, so there is nothing to try again.");
            }

            foreach (JsonObject one in failed)
            {
                await ActAsync(one, id, "retry", stop).ConfigureAwait(false);
            }

            long devices = Sum(failed, "devicesCompletedFailedCount");
            output.Line($"Deployment {id}: {devices} devices of {Count(failed.Length)} try {Version(deployment)} again.");
            output.Json(new JsonObject { ["event"] = "retried", ["deployment"] = id, ["group"] = group, ["devices"] = devices, ["classes"] = failed.Length });
            return ExitCode.Done;
        }

        private string Path => $"management/groups/{Escape(group)}/deployments";

        private static string Escape(string text) => DeviceUpdateClient.Escape(text);

        private static string Count(int classes) => classes == 1 ? "1 class" : $"{classes} classes";

        private static string Id(JsonObject deployment) => Text(deployment, "deploymentId") ?? "";

        private static string Version(JsonObject deployment) => Text(UpdateId(deployment), "version") ?? "?";

        private static JsonObject? UpdateId(JsonObject deployment) => JsonMember.Of(deployment, "update", "updateId") as JsonObject;

        private static string? Text(JsonObject? json, string member) => JsonMember.Text(json, member) is { } text ? DeviceReport.Printable(text) : null;

        private static long Sum(IEnumerable<JsonObject> classes, string member) => classes.Sum(one => one[member] is JsonValue value && value.TryGetValue(out long count) ? count : 0);

        // docs/device-update.md: the code in the lowest bits, its name as details.
        private static ResultCode? Code(JsonObject device)
        {
            var result = device["lastInstallResult"] as JsonObject;
            return Enum.TryParse(Text(result, "resultDetails"), out ResultCode named) && Enum.IsDefined(named) ? named
                : result?["extendedResultCode"] is JsonValue value && value.TryGetValue(out long extended) && Enum.IsDefined((ResultCode)(int)(extended & 0xFFFFF)) && (extended & 0xFFFFF) != 0 ? (ResultCode)(int)(extended & 0xFFFFF)
                : null;
        }

        private static string Cause(JsonObject device)
        {
            var result = device["lastInstallResult"] as JsonObject;
            return Code(device) is { } code ? $"{ResultText.Name(code)} ({(int)code})" : $"result {result?["resultCode"]?.ToJsonString() ?? "unknown"}, extended {result?["extendedResultCode"]?.ToJsonString() ?? "unknown"}";
        }

        private static string About(JsonObject device) => Code(device) is { } code ? $": {ResultText.Sentence(code)} {Advice.For(code)}" : "";

        private async Task<JsonObject> LastAsync(CancellationToken stop)
        {
            IReadOnlyList<JsonNode> all = await service.ListAsync($"{Path}?orderby={Escape("startDateTime desc")}", "list the deployments", stop).ConfigureAwait(false);
            JsonObject[] deployments = [.. all.OfType<JsonObject>().OrderByDescending(one => Text(one, "startDateTime"), StringComparer.Ordinal)];
            return deployments.FirstOrDefault(one => Text(UpdateId(one), "name") == name)
                ?? throw new Failure(ExitCode.NoTarget, $"{service.Name} has no deployment of {name} to group {group}{(deployments.Length == 0 ? "" : $"; the last one there is of {Text(UpdateId(deployments[0]), "name")} {Version(deployments[0])}")}.");
        }

        private async Task<(JsonObject Status, JsonObject[] Classes)> ClassesAsync(string id, CancellationToken stop)
        {
            JsonObject status = await service.GetAsync($"{Path}/{Escape(id)}/status", "read the deployment's status", stop).ConfigureAwait(false)
                ?? throw new Failure(ExitCode.NoTarget, $"{service.Name} does not know deployment {id} any more.");
            return (status, [.. (status["subgroupStatus"] as JsonArray ?? []).OfType<JsonObject>()]);
        }

        private async Task<JsonObject[]> FailedAsync(string id, CancellationToken stop)
        {
            string filter = Escape($"groupId eq '{group}' and deploymentStatus eq 'Failed'");
            return [.. (await service.ListAsync($"management/devices?filter={filter}", "list the devices that failed", stop).ConfigureAwait(false)).OfType<JsonObject>().Where(device => Text(device, "lastDeploymentId") is null or "" || Text(device, "lastDeploymentId") == id)];
        }

        private Task ActAsync(JsonObject one, string id, string act, CancellationToken stop)
        {
            return service.DoAsync(HttpMethod.Post, $"management/groups/{Escape(group)}/deviceClassSubgroups/{Escape(Text(one, "deviceClassId") ?? "")}/deployments/{Escape(id)}:{act}", $"{act} deployment {id}", stop);
        }
    }
}

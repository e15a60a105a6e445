using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace nanoOta.Tests.Fleet
{
    /// <summary>
    /// What becomes of deployments: lists come in pages of one, the status has no "completed", and cancel and retry go class by class and
    /// are not there for the group as a whole.
    /// </summary>
    internal sealed partial class DeviceUpdateStandIn
    {
        /// <summary>The classes of devices in every group, each with its devices and how they ended: null: in progress.</summary>
        public Dictionary<string, Dictionary<string, ResultCode?>> Classes { get; set; } = new() { ["class-a"] = [], ["class-b"] = [] };

        /// <summary>The state of every deployment and its error, as the service says them; null: as it is.</summary>
        public (string State, JsonNode? Error)? Ended { get; set; }

        /// <summary>What was done to deployments: "class-a cancel nanoota-field-v1_1_0".</summary>
        public List<string> Acts { get; } = [];

        private (int Status, JsonNode? Body)? AnswerDeployments(HttpRequest request, string path)
        {
            switch (path.Split('/'))
            {
                case ["management", "groups", var group, "deployments"] when Groups.ContainsKey(group):
                    return (200, Page([.. Deployments.Values.Where(one => (string?)one["groupId"] == group)], request, path));
                case ["management", "groups", var group, "deployments", var id, "status"] when Deployments.ContainsKey(id):
                    return (200, new JsonObject
                    {
                        ["groupId"] = group,
                        ["deploymentState"] = Ended?.State ?? (IsCancelled(id) ? "Canceled" : "Active"),
                        ["error"] = Ended?.Error?.DeepClone(),
                        ["subgroupStatus"] = new JsonArray([.. Classes.Select(one => (JsonNode)new JsonObject
                        {
                            ["groupId"] = group,
                            ["deviceClassId"] = one.Key,
                            ["deploymentState"] = Acts.Contains($"{one.Key} cancel {id}") ? "Canceled" : "Active",
                            ["totalDevices"] = one.Value.Count,
                            ["devicesInProgressCount"] = one.Value.Count(device => device.Value == null),
                            ["devicesCompletedFailedCount"] = one.Value.Count(device => device.Value is not (null or ResultCode.Applied)),
                            ["devicesCompletedSucceededCount"] = one.Value.Count(device => device.Value == ResultCode.Applied),
                            ["devicesCanceledCount"] = 0,
                        })]),
                    });
                case ["management", "groups", _, "deviceClassSubgroups", var of, "deployments", var act] when request.Method == "POST" && Classes.ContainsKey(of) && act.Split(':') is [var id, "cancel" or "retry"] && Deployments.ContainsKey(id):
                    Acts.Add($"{of} {act.Split(':')[1]} {id}");
                    return (200, Deployments[id].DeepClone());
                case ["management", "groups", _, "deployments", var id] when request.Method == "DELETE":
                    Acts.Add($"delete {id}");
                    return (Deployments.TryRemove(id, out _) ? 204 : 404, null);
                case ["management", "devices"] when (string?)request.Query["filter"] == "groupId eq 'field' and deploymentStatus eq 'Failed'":
                    return (200, Page([.. Classes.SelectMany(one => one.Value).Where(device => device.Value is not (null or ResultCode.Applied)).Select(device => Device(device.Key, device.Value!.Value))], request, path));
                default:
                    return null;
            }
        }

        private bool IsCancelled(string id) => Classes.Keys.All(one => Acts.Contains($"{one} cancel {id}"));

        // docs/device-update.md: how the library reports a failure.
        private static JsonObject Device(string id, ResultCode code)
        {
            return new JsonObject
            {
                ["deviceId"] = id,
                ["deploymentStatus"] = "Failed",
                ["installedUpdate"] = new JsonObject { ["updateId"] = new JsonObject { ["version"] = "1.0.0" } },
                ["lastInstallResult"] = new JsonObject { ["resultCode"] = 0, ["extendedResultCode"] = (1 << 28) | ((int)code / 100 << 20) | (int)code },
            };
        }

        private static JsonObject Page(JsonObject[] all, HttpRequest request, string path)
        {
            int at = int.Parse(request.Query["page"].FirstOrDefault() ?? "0", System.Globalization.CultureInfo.InvariantCulture);
            var page = new JsonObject { ["value"] = new JsonArray([.. all.Skip(at).Take(1).Select(one => one.DeepClone())]) };
            if (at + 1 < all.Length)
            {
                page["nextLink"] = $"/deviceUpdate/fleet/{path}{request.QueryString}&page={at + 1}";
            }

            return page;
        }
    }
}

using System.Text.Json.Nodes;

namespace nanoOta.Hub
{
    /// <summary>Keeps a board up to date with a hub's twins.</summary>
    public static class HubBoard
    {
        /// <summary>Makes a board of a hub's devices.</summary>
        /// <param name="hub">The hub; its <see cref="IotHub.DeviceChanged"/> is taken.</param>
        /// <param name="history">What was before.</param>
        public static FleetBoard Of(IotHub hub, FleetHistory history)
        {
            var changed = new HashSet<string>();
            hub.DeviceChanged = id =>
            {
                lock (changed)
                {
                    changed.Add(id);
                }
            };
            var board = new FleetBoard($"Local IoT hub {hub.Options.HostNames[0]}", history, hub.Clock.Provider, refresh: Refresh);
            foreach (string id in hub.DeviceIds)
            {
                Show(hub, board, id);
            }

            return board;

            void Refresh(FleetBoard to)
            {
                string[] ids;
                lock (changed)
                {
                    ids = [.. changed];
                    changed.Clear();
                }

                foreach (string id in ids)
                {
                    Show(hub, to, id);
                }
            }
        }

        private static void Show(IotHub hub, FleetBoard board, string id)
        {
            if (hub.Row(id) is { } row)
            {
                board.Set(row);
            }
            else
            {
                board.Remove(id);
            }
        }
    }

    /// <content>What the page shows of a device.</content>
    public sealed partial class IotHub
    {
        /// <summary>A device as the page shows it; null when there is none.</summary>
        public FleetRow? Row(string id)
        {
            lock (_lock)
            {
                if (!_devices.TryGetValue(id, out DeviceRecord? device))
                {
                    return null;
                }

                DateTime? heard = device.LastActivity == default ? null : device.LastActivity;
                return new FleetRow(id, Tag(device, "product"), Tag(device, "group"), Wanted(device.Desired.Values), device.Session != null, heard)
                    .With(device.Reported.Values["ota"] as JsonObject);
            }
        }

        private static string? Tag(DeviceRecord device, string name) => device.Tags[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

        // A bare number N stands for N.0.0.
        private static string? Wanted(JsonObject desired)
        {
            JsonNode? wanted = desired["updateVersion"] ?? (desired["update"] as JsonObject)?["version"];
            return wanted is not JsonValue value ? null : value.TryGetValue(out string? text) ? text : value.TryGetValue(out int number) ? $"{number}.0.0" : null;
        }
    }
}

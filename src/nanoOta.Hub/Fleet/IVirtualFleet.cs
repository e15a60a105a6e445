using System.Text.Json.Nodes;

namespace nanoOta.Hub
{
    /// <summary>Virtual devices at a local hub.</summary>
    public interface IVirtualFleet : IDisposable
    {
        /// <summary>The ids of its devices.</summary>
        IReadOnlyCollection<string> Ids { get; }

        /// <summary>What a virtual device itself failed with first, a defect of the stand-in; null: nothing.</summary>
        Exception? Failure { get; }

        /// <summary>Waits until no device has anything to do.</summary>
        /// <returns>Whether that came in time.</returns>
        /// <exception cref="InvalidOperationException">A virtual device itself failed.</exception>
        bool Settle(TimeSpan patience);
    }

    /// <summary>Devices of a fleet at the hub's registry.</summary>
    internal static class FleetRegistry
    {
        /// <summary>Registers the devices that the hub does not know yet, and tags them.</summary>
        /// <returns>Ids and keys.</returns>
        public static IEnumerable<(string Id, string Key)> Register(IotHub hub, FleetSettings settings)
        {
            string format = $"D{settings.Count.ToString(System.Globalization.CultureInfo.InvariantCulture).Length}";
            for (int number = 0; number < settings.Count; number++)
            {
                string id = $"{settings.Prefix}{number.ToString(format, null)}";
                yield return (id, Register(hub, id, settings.Product, settings.Group(number)));
            }
        }

        private static string Register(IotHub hub, string id, string product, string group)
        {
            try
            {
                hub.PutDevice(id, [], null);
            }
            catch (HubError error) when (error.Status == 409)
            {
                // From an earlier run of the hub: it keeps its twin, and leaves the factory once more.
            }

            hub.PatchTwin(id, new JsonObject { ["tags"] = new JsonObject { ["product"] = product, ["group"] = group } }, null);
            return (string)hub.GetDevice(id).Json["authentication"]!["symmetricKey"]!["primaryKey"]!;
        }
    }
}

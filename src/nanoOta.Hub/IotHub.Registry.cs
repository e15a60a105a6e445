using System.Text.Json.Nodes;

namespace nanoOta.Hub
{
    /// <content>Device identities.</content>
    public sealed partial class IotHub
    {
        private const int MaxDeviceId = 128;
        private const int MaxBulk = 100;

        /// <summary>How many devices there are.</summary>
        public int DeviceCount
        {
            get
            {
                lock (_lock)
                {
                    return _devices.Count;
                }
            }
        }

        /// <summary>The ids of all devices, in order.</summary>
        public string[] DeviceIds
        {
            get
            {
                lock (_lock)
                {
                    return [.. _devices.Keys];
                }
            }
        }

        /// <summary>A device's identity, keys included.</summary>
        /// <exception cref="HubError">There is none.</exception>
        public HubDocument GetDevice(string id)
        {
            lock (_lock)
            {
                return Identity(Device(id));
            }
        }

        /// <summary>The identities of the first devices.</summary>
        public JsonArray ListDevices(int top)
        {
            lock (_lock)
            {
                return [.. _devices.Values.Take(top).Select(Documents.Identity)];
            }
        }

        /// <summary>Makes an identity, or with a condition replaces one. Without <c>authentication</c> it gets new keys.</summary>
        /// <param name="id">The device.</param>
        /// <param name="body">The identity.</param>
        /// <param name="ifMatch">The ETag of the one that is replaced; null: there must be none.</param>
        /// <exception cref="HubError">The hub refuses it.</exception>
        public HubDocument PutDevice(string id, JsonObject body, string? ifMatch)
        {
            CheckDeviceId(id);
            lock (_lock)
            {
                DeviceRecord? device = _devices.GetValueOrDefault(id);
                if (ifMatch == null && device != null)
                {
                    throw new HubError(409, "DeviceAlreadyExists", 409001, $"A device with ID '{id}' is already registered.");
                }

                if (ifMatch != null)
                {
                    ETags.Require(ifMatch, (device ?? throw HubError.DeviceNotFound(id)).IdentityETag);
                }

                bool isNew = device == null;
                device ??= new DeviceRecord(id, Clock.UtcNow);
                TakeIdentity(device, body);
                device.IdentityCounter += isNew ? 0 : 1;
                _devices[id] = device;
                Changed(device);
                return Identity(device);
            }
        }

        /// <summary>Deletes a device.</summary>
        /// <param name="id">The device.</param>
        /// <param name="ifMatch">Its ETag, or *; must be there.</param>
        /// <exception cref="HubError">The hub refuses it.</exception>
        public void DeleteDevice(string id, string? ifMatch)
        {
            lock (_lock)
            {
                DeviceRecord device = Device(id);
                ETags.Require(ifMatch ?? throw HubError.Precondition("Etag missing"), device.IdentityETag);
                Remove(device);
            }
        }

        /// <summary>Makes, changes and deletes up to 100 devices.</summary>
        /// <param name="items">The identities, each with <c>id</c> and <c>importMode</c>.</param>
        /// <returns>Which of them failed, and why.</returns>
        /// <exception cref="HubError">They are too many, or one is no identity.</exception>
        public JsonObject Bulk(JsonArray items)
        {
            if (items.Count > MaxBulk)
            {
                throw new HubError(413, "TooManyDevices", 413002, $"{items.Count} devices: {MaxBulk} are allowed.");
            }

            List<(string Id, JsonObject Body)> read = [.. items.Select(item =>
            {
                JsonObject body = item as JsonObject ?? throw HubError.Argument("An item is not a JSON object.");
                return (HubText.Text(body, "id") ?? throw HubError.ArgumentNull("id"), body);
            })];
            JsonArray errors = [];
            foreach ((string id, JsonObject body) in read)
            {
                try
                {
                    Import(id, body);
                }
                catch (HubError error)
                {
                    errors.Add(new JsonObject { ["deviceId"] = id, ["errorCode"] = error.Code, ["errorStatus"] = error.Message });
                }
            }

            return new JsonObject { ["isSuccessful"] = errors.Count == 0, ["errors"] = errors, ["warnings"] = new JsonArray() };
        }

        /// <summary>Counts devices.</summary>
        public JsonObject DeviceStatistics()
        {
            lock (_lock)
            {
                int enabled = _devices.Values.Count(device => device.IsEnabled);
                return new JsonObject { ["totalDeviceCount"] = _devices.Count, ["enabledDeviceCount"] = enabled, ["disabledDeviceCount"] = _devices.Count - enabled };
            }
        }

        /// <summary>Counts connections.</summary>
        public JsonObject ServiceStatistics()
        {
            lock (_lock)
            {
                return new JsonObject { ["connectedDeviceCount"] = _devices.Values.Count(device => device.Session != null) };
            }
        }

        private void Import(string id, JsonObject body)
        {
            string etag = HubText.Text(body, "eTag") ?? "";
            string mode = HubText.Text(body, "importMode") ?? "create";
            switch (mode)
            {
                case "create":
                    bool hasTwin = body["tags"] != null || body["properties"] != null;
                    if (hasTwin)
                    {
                        CheckTwin(new DeviceRecord(id, Clock.UtcNow), body, replaces: false, out _, out _);
                    }

                    PutDevice(id, body, null);
                    if (hasTwin)
                    {
                        PatchTwin(id, new JsonObject { ["tags"] = body["tags"]?.DeepClone(), ["properties"] = body["properties"]?.DeepClone() }, null);
                    }

                    break;
                case "update" or "updateIfMatchETag":
                    PutDevice(id, body, mode == "update" ? "*" : etag);
                    break;
                case "delete" or "deleteIfMatchETag":
                    DeleteDevice(id, mode == "delete" ? "*" : etag);
                    break;
                case "updateTwin" or "updateTwinIfMatchETag":
                    PatchTwin(id, body, mode == "updateTwin" ? null : $"\"{etag}\"");
                    break;
                default:
                    throw HubError.Argument($"importMode '{mode}' is not known.");
            }
        }

        // Everything is read before anything is changed: a refused identity leaves the device as it was.
        private void TakeIdentity(DeviceRecord device, JsonObject body)
        {
            string status = HubText.Text(body, "status") ?? "enabled";
            if (status is not ("enabled" or "disabled"))
            {
                throw HubError.Argument($"status '{status}' is neither enabled nor disabled.");
            }

            JsonObject? authentication = HubText.Member(body, "authentication");
            JsonObject? keys = authentication == null ? null : HubText.Member(authentication, "symmetricKey");
            JsonObject? thumbprints = authentication == null ? null : HubText.Member(authentication, "x509Thumbprint");
            string type = (authentication == null ? null : HubText.Text(authentication, "type")) ?? "sas";
            if (type is not ("sas" or "selfSigned" or "certificateAuthority" or "none"))
            {
                throw HubError.Argument($"authentication type '{type}' is not known.");
            }

            string? primaryKey = type == "sas" ? Key(keys, "primaryKey") : null;
            string? secondaryKey = type == "sas" ? Key(keys, "secondaryKey") : null;
            string? primaryThumbprint = type == "selfSigned" && thumbprints != null ? HubText.Text(thumbprints, "primaryThumbprint") : null;
            string? secondaryThumbprint = type == "selfSigned" && thumbprints != null ? HubText.Text(thumbprints, "secondaryThumbprint") : null;
            string? reason = HubText.Text(body, "statusReason");

            device.AuthenticationType = type;
            device.PrimaryKey = primaryKey;
            device.SecondaryKey = secondaryKey;
            device.PrimaryThumbprint = primaryThumbprint;
            device.SecondaryThumbprint = secondaryThumbprint;
            device.StatusReason = reason;
            if (device.IsEnabled != (status == "enabled"))
            {
                device.IsEnabled = status == "enabled";
                device.StatusTime = Clock.UtcNow;
                if (!device.IsEnabled)
                {
                    EndSession(device);
                }
            }
        }

        private static string Key(JsonObject? keys, string name)
        {
            string? key = keys == null ? null : HubText.Text(keys, name);
            return string.IsNullOrEmpty(key) ? Gatekeeper.NewKey()
                : Convert.TryFromBase64String(key, new byte[key.Length], out int length) && length is >= 16 and <= 64 ? key
                : throw HubError.Argument($"{name} is not base64 of 16 to 64 bytes.");
        }

        private void Remove(DeviceRecord device)
        {
            EndSession(device);
            _devices.Remove(device.Id);
            if (Options.Ghosts > TimeSpan.Zero)
            {
                device.GhostUntil = Clock.UtcNow + Options.Ghosts;
                _ghosts.Add(device);
            }

            Changed(device);
        }

        private static void CheckDeviceId(string id)
        {
            if (id.Length is 0 or > MaxDeviceId || id.Any(c => !(char.IsAsciiLetterOrDigit(c) || "-:.+%_#*?!(),=@;$'".Contains(c))))
            {
                throw HubError.Argument($"Device id '{id}': 1 to {MaxDeviceId} letters, digits and -:.+%_#*?!(),=@;$'.");
            }
        }

        private static HubDocument Identity(DeviceRecord device) => new(Documents.Identity(device), device.IdentityETag);
    }

    /// <summary>A document with its ETag.</summary>
    /// <param name="Json">The document.</param>
    /// <param name="ETag">The ETag, without quotes.</param>
    public sealed record HubDocument(JsonObject Json, string ETag);
}

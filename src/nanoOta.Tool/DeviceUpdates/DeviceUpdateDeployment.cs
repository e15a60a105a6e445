using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using nanoOta.Tool.Packing;
using nanoOta.Tool.Publishing;

namespace nanoOta.Tool.DeviceUpdates
{
    /// <summary>Imports one image into Device Update and deploys it to a group.</summary>
    internal sealed class DeviceUpdateDeployment(DeviceUpdateClient service, Output output)
    {
        private const int MostIdLength = 73;

        /// <summary>The update's provider.</summary>
        public required string Provider { get; init; }

        /// <summary>The update's name.</summary>
        public required string Name { get; init; }

        /// <summary>What devices must be: name=value.</summary>
        public required IReadOnlyList<string> Compatibility { get; init; }

        /// <summary>How devices download: "https" or "http".</summary>
        public required string DownloadSecurity { get; init; }

        /// <summary>Whether nothing is to be changed.</summary>
        public bool IsDry { get; init; }

        /// <summary>Imports and deploys.</summary>
        /// <param name="path">The image's file.</param>
        /// <param name="image">The image.</param>
        /// <param name="version">The version: two to four numbers for the service, so without a pre-release part.</param>
        /// <param name="group">The group: the tag ADUGroup.</param>
        /// <param name="start">UTC, as text; null: at once.</param>
        /// <param name="container">Where the service fetches the files from.</param>
        /// <param name="token">The query that it reads with.</param>
        /// <param name="stop">Ends it.</param>
        public async Task<ExitCode> RunAsync(string path, PackedImage image, SemanticVersion version, string group, string? start, IContainer container, Func<Task<string?>> token, CancellationToken stop)
        {
            if (version.Core != version.Text)
            {
                throw new Failure(ExitCode.Usage, $"Device Update knows versions of numbers alone: {version.Core} instead of {version.Text}.");
            }

            string file = version.FileStem + ".bin";
            byte[] manifest = await ManifestAsync(path, file, version, container, stop).ConfigureAwait(false);
            string id = $"nanoota-{group}-{version.FileStem}".ToLowerInvariant().Replace('~', '-');
            if (id.Length > MostIdLength)
            {
                throw new Failure(ExitCode.Usage, $"the deployment's id, {id}, has more than {MostIdLength} characters: use a shorter group.");
            }

            var update = new JsonObject { ["updateId"] = new JsonObject { ["provider"] = Provider, ["name"] = Name, ["version"] = version.Core } };
            var deployment = new JsonObject
            {
                ["deploymentId"] = id,
                ["startDateTime"] = start ?? DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                ["groupId"] = group,
                ["update"] = update,

                // Said in any case: the service's default is https, which a device without TLS cannot follow.
                ["downloadSecurity"] = DownloadSecurity,
            };
            if (IsDry)
            {
                output.Line($"Would import {Provider} {Name} {version.Core} into {service.Name} and deploy: {deployment.ToJsonString(Output.Readable)}");
                output.Json(new JsonObject { ["event"] = "wouldDeploy", ["deployment"] = deployment, ["importManifest"] = JsonNode.Parse(manifest) });
                return ExitCode.Done;
            }

            string importManifest = version.FileStem + ".importmanifest.json";
            string? query = await token().ConfigureAwait(false);
            await new Publisher(container, output).PublishAsync(new Publication([(file, image.Bytes), (importManifest, manifest)], [version]), stop).ConfigureAwait(false);
            var item = new JsonObject
            {
                ["importManifest"] = new JsonObject { ["url"] = At(container, importManifest, query), ["sizeInBytes"] = manifest.Length, ["hashes"] = new JsonObject { ["sha256"] = Convert.ToBase64String(SHA256.HashData(manifest)) } },
                ["files"] = new JsonArray(new JsonObject { ["filename"] = file, ["url"] = At(container, file, query) }),
            };
            bool isNew = !await HasThisAsync(image, version, stop).ConfigureAwait(false) && await service.ImportAsync(item, stop).ConfigureAwait(false);
            if (!isNew)
            {
                // Somebody else may have imported it meanwhile.
                await HasThisAsync(image, version, stop).ConfigureAwait(false);
            }

            output.Line($"{service.Name}: {Provider} {Name} {version.Core} {(isNew ? "is imported" : "was imported before")}");
            int? devices = await service.CountAsync(group, stop).ConfigureAwait(false);
            if (devices == null)
            {
                throw new Failure(ExitCode.NoTarget, $"{service.Name} has no group {group}. A group is there once a device has the tag ADUGroup '{group}' and its agent has reported; a tag that was set before may have to be set again. The update is imported: run the command again then.");
            }

            await service.DeployAsync(group, deployment, stop).ConfigureAwait(false);
            output.Line($"Deployment {id}: {devices} devices in group {group}, from {deployment["startDateTime"]}, download over {DownloadSecurity}. Devices that join later get it, too, until it is cancelled.");
            output.Json(new JsonObject { ["event"] = "deployed", ["deployment"] = id, ["group"] = group, ["devices"] = devices, ["imported"] = isNew, ["downloadSecurity"] = DownloadSecurity });
            return ExitCode.Done;
        }

        // Whether the service has the update with this image; with another one, devices would get that.
        private async Task<bool> HasThisAsync(PackedImage image, SemanticVersion version, CancellationToken stop)
        {
            IReadOnlyList<string>? hashes = await service.HashesAsync(Provider, Name, version.Core, stop).ConfigureAwait(false);
            return hashes != null && !hashes.Contains(Convert.ToBase64String(SHA256.HashData(image.Bytes)))
                ? throw new Failure(ExitCode.Conflict, $"{service.Name} has {Provider} {Name} {version.Core} already, with another image. Give the build a new version.")
                : hashes != null;
        }

        // One that was published for the same image is taken as it is: its time would differ.
        private async Task<byte[]> ManifestAsync(string path, string file, SemanticVersion version, IContainer container, CancellationToken stop)
        {
            var id = new JsonObject { ["provider"] = Provider, ["name"] = Name, ["version"] = version.Core };
            JsonObject manifest = ImportManifest.Make([path], id, ImportManifest.Compatibility(Compatibility), ImportManifest.Handler, null, DateTime.UtcNow);
            manifest["files"]![0]!["filename"] = file;
            manifest["instructions"]!["steps"]![0]!["files"] = new JsonArray(file);
            if (ImportManifestCheck.Run(manifest, out IReadOnlyList<string> warnings).Concat(warnings).FirstOrDefault() is { } fault)
            {
                throw new Failure(ExitCode.Usage, $"Device Update would refuse it: {fault}");
            }

            if (await container.ReadAsync(version.FileStem + ".importmanifest.json", stop).ConfigureAwait(false) is { } there)
            {
                JsonObject? known = Read(there);
                manifest["createdDateTime"] = known?["createdDateTime"]?.DeepClone();
                return JsonNode.DeepEquals(known, manifest) ? there
                    : throw new Failure(ExitCode.Conflict, $"{container.Name} holds an import manifest of {version.Core} already, with other content. Give the build a new version.");
            }

            return JsonFile.ToBytes(manifest);
        }

        // Anything may lie in a container.
        private static JsonObject? Read(byte[] json)
        {
            try
            {
                return JsonNode.Parse(json, null, new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject;
            }
            catch (JsonException)
            {
                return null;
            }
        }

        private static string At(IContainer container, string name, string? query) => $"{container.Url!.TrimEnd('/')}/{name}{(query == null ? "" : "?" + query)}";
    }
}

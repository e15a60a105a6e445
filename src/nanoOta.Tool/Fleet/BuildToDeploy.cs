using System.Text.Json.Nodes;
using nanoOta.Tool.Packing;
using nanoOta.Tool.Publishing;

namespace nanoOta.Tool.Fleet
{
    /// <summary>One image, which is packed and signed as it is deployed.</summary>
    internal sealed class BuildToDeploy : IDeployable
    {
        /// <summary>The image.</summary>
        public required PackedImage Image { get; init; }

        /// <inheritdoc/>
        public required SemanticVersion Version { get; init; }

        /// <summary>The firmware target.</summary>
        public required string Target { get; init; }

        /// <summary>What the manifest says besides.</summary>
        public required ManifestMembers Members { get; init; }

        /// <summary>The manifest's counter; null: the next one, when one is needed.</summary>
        public uint? Counter { get; init; }

        /// <inheritdoc/>
        public bool AllowsDowngrade { get; init; }

        /// <summary>Signs; null: the manifest stays unsigned.</summary>
        public Func<Package, byte[]>? Sign { get; init; }

        /// <inheritdoc/>
        public async Task<uint?> PublishAsync(IContainer container, uint highest, bool isDry, Output output, CancellationToken stop)
        {
            var published = new PublishedManifests(container);
            PublishedManifest? there = await published.FindAsync(Version, stop).ConfigureAwait(false);
            if (there != null && IsOfThisImage(there))
            {
                if (Difference(there) is { } difference)
                {
                    throw new Failure(ExitCode.Conflict, $"{container.Name}/{there.Name} holds this image already, {difference}. Devices may have fetched it: leave the option out, or give the build a new version.");
                }

                CounterRule.Require(Version, there.Read.Counter, highest, there.Read.AllowDowngrade, "Give the build a new version.");
                if (Sign == null || there.IsSigned)
                {
                    // So that the same version can go to one group after another.
                    output.Line($"{container.Name}/{there.Name}: there already, with this image");
                    return there.Read.Counter == 0 ? null : there.Read.Counter;
                }
            }

            uint? counter = Counter;
            if (there != null && IsOfThisImage(there))
            {
                // It broke off before the signature was there: the same manifest once more.
                counter = there.Read.Counter == 0 ? null : there.Read.Counter;
            }
            else if (counter == null)
            {
                uint next = await published.NextCounterAsync(highest, stop).ConfigureAwait(false);
                counter = next > 1 || AllowsDowngrade ? next : null;
            }

            CounterRule.Require(Version, counter, highest, AllowsDowngrade, "Leave --counter out, or give a higher one.");
            var package = Package.Make([Image], Version.Text, Target, counter, AllowsDowngrade, Members);
            await new Publisher(container, output).PublishAsync(Publication.Of(package, Sign?.Invoke(package)), isDry, stop).ConfigureAwait(false);
            return counter;
        }

        private bool IsOfThisImage(PublishedManifest there)
        {
            return there.Read.Version.Text == Version.Text && there.Read.Target == Target
                && there.Read.Components is [{ } component] && component.Id == Image.Id && Convert.ToHexStringLower(component.Sha256) == Image.Sha256;
        }

        // What was asked for and is not in the manifest that is there; null: nothing.
        private string? Difference(PublishedManifest there)
        {
            JsonNode json = JsonNode.Parse(there.Json)!;
            foreach ((string member, string? wanted) in new[] { ("provider", Members.Provider), ("name", Members.Name), ("notBefore", Members.NotBefore), ("expires", Members.Expires), ("counter", Counter?.ToString(System.Globalization.CultureInfo.InvariantCulture)) })
            {
                string? has = json[member]?.ToString();
                if (wanted != null && wanted != has)
                {
                    return $"{(has == null ? $"without {member}" : $"with {member} {has}")} instead of {member} {wanted}";
                }
            }

            return AllowsDowngrade && !there.Read.AllowDowngrade ? "and its manifest does not allow a downgrade"
                : Image.Delta is { Patches.Count: > 0 } && json["components"]![0]!["patches"] == null ? "without patches" : null;
        }
    }
}

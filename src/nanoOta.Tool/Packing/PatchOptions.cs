using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using nanoOta.VirtualDevice.Deltas;

namespace nanoOta.Tool.Packing
{
    /// <summary>The options of a command that makes patches, and what it does with them.</summary>
    internal sealed class PatchOptions
    {
        private readonly Option<string[]> _from = new("--from")
        {
            Description = "Make patches from what devices run: deployments, manifests, or a folder of former releases. May be given several times.",
            AllowMultipleArgumentsPerToken = true,
        };

        private readonly Option<int> _most = new("--patches")
        {
            Description = $"How many releases of a folder get a patch, those with the highest versions first; 1 to {ManifestDelta.MaxPatches}.",
            DefaultValueFactory = _ => Predecessors.DefaultMost,
        };

        /// <summary>Gives a command the options.</summary>
        public void AddTo(Command command)
        {
            command.Options.Add(_from);
            command.Options.Add(_most);
        }

        /// <summary>Gives images the patches that the user asks for.</summary>
        /// <exception cref="Failure">What <c>--from</c> names cannot be read, or a patch can be made of none of the images.</exception>
        public PackedImage[] Apply(ParseResult result, PackedImage[] images, string version, Output output)
        {
            int most = result.GetValue(_most);
            if (most is < 1 or > ManifestDelta.MaxPatches)
            {
                throw new Failure(ExitCode.Usage, $"--patches is from 1 to {ManifestDelta.MaxPatches}.");
            }

            string[] from = result.GetValue(_from) ?? [];
            if (from.Length == 0 || SemanticVersion.Parse(version) is not { } parsed)
            {
                return images;
            }

            IReadOnlyList<Predecessor> predecessors = new Predecessors(parsed, most, output.Line).Read(from);
            return images.Any(image => image.Delta != null)
                ? [.. images.Select(image => PatchMaker.WithPatches(image, predecessors, ManifestDelta.MaxPatches, output.Line))]
                : throw new Failure(ExitCode.Usage, "--from makes patches of a deployment, and none of the images is one.");
        }

        /// <summary>Writes the patches of a package, and says what was left out.</summary>
        /// <returns>What there is to tell in JSON.</returns>
        public static JsonArray Write(Output output, Package package, string folder)
        {
            var written = new JsonArray();
            foreach ((string name, PackedPatch patch) in package.Patches)
            {
                string path = Path.Combine(folder, name);
                OutputFile.Write(path, patch.Bytes);
                output.Line($"{path}: patch from {patch.Predecessor.Name}, {patch.Bytes.Length} bytes");
                written.Add(new JsonObject
                {
                    ["file"] = path,
                    ["predecessor"] = patch.Predecessor.Name,
                    ["from"] = patch.Predecessor.Parts.Id,
                    ["size"] = patch.Bytes.Length,
                    ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(patch.Bytes)),
                });
            }

            if (package.LeftOut.Count > 0)
            {
                output.Line($"Left out, because a manifest of more than {PackedDelta.MaxManifest} bytes cannot be signed with every key: {string.Join(", ", package.LeftOut)}.");
            }

            return written;
        }
    }
}

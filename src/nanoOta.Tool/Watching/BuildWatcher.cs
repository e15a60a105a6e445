using System.Text.Json.Nodes;
using nanoOta.Tool.Packing;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tool.Watching
{
    /// <summary>Packs what a project builds, each time its output has changed and then been left alone for a moment.</summary>
    internal sealed class BuildWatcher
    {
        /// <summary>How long nothing may have been written before a build is taken for complete.</summary>
        public static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);

        private readonly BuildOutput _output;
        private readonly DevelopmentVersions _versions;
        private readonly TimeProvider _clock;
        private readonly Action<string, JsonObject> _tell;
        private string? _seen;
        private long _seenAt;
        private bool _done;

        /// <summary>Makes a watcher; it looks when its method is called.</summary>
        /// <param name="output">What is watched.</param>
        /// <param name="versions">Where builds go.</param>
        /// <param name="clock">The time.</param>
        /// <param name="tell">Receives what came of a build.</param>
        public BuildWatcher(BuildOutput output, DevelopmentVersions versions, TimeProvider clock, Action<string, JsonObject> tell)
        {
            _output = output;
            _versions = versions;
            _clock = clock;
            _tell = tell;
        }

        /// <summary>What versions begin with, for example <c>1.2.0-dev</c>; null: the image's own a.b.c with <c>-dev</c>.</summary>
        public string? Stem { get; init; }

        /// <summary>The layout that a build must fit; null: any.</summary>
        public FlashLayout? Layout { get; init; }

        /// <summary>The firmware target that builds are for.</summary>
        public required string Target { get; init; }

        /// <summary>Looks once. A folder is looked at rather than listened to: the same on every file system.</summary>
        public void Look()
        {
            string now = _output.Fingerprint();
            if (now != _seen)
            {
                _seen = now;
                _seenAt = _clock.GetTimestamp();
                _done = false;
            }
            else if (!_done && _clock.GetElapsedTime(_seenAt) >= Quiet)
            {
                _done = true;
                Take();
            }
        }

        private void Take()
        {
            try
            {
                (string source, byte[] bytes) = _output.Deployment();
                PackedImage image = PackedImage.Judge(source, bytes, Layout);
                if (image.Id != ManifestComponent.Deployment)
                {
                    throw new Failure(ExitCode.Unsound, $"{source} is no deployment.");
                }

                if (_versions.IsNewest(image))
                {
                    string same = _versions.Newest!.Value.Read.Version.Text;
                    _tell($"The build is the same as {same}.", new JsonObject { ["event"] = "unchanged", ["version"] = same });
                    return;
                }

                UpdateManifest manifest = _versions.Publish(image, Stem ?? $"{image.Version}-dev", Target);
                string version = manifest.Version.Text;
                string less = _versions.Fetched is { } fetched ? $" A board with the build before fetches {fetched}." : "";
                _tell($"{source}, {bytes.Length} bytes, is served as {version}.{less}", new JsonObject { ["event"] = "published", ["version"] = version, ["counter"] = manifest.Counter, ["size"] = bytes.Length, ["fetched"] = _versions.Fetched, ["source"] = source });
            }
            catch (Failure failure)
            {
                // Of this build; the next one may be better.
                _tell($"Not served: {failure.Message}", new JsonObject { ["event"] = "refused", ["reason"] = failure.Message });
            }
        }
    }
}

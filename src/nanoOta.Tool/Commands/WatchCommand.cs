using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using nanoOta.Tool.Keys;
using nanoOta.Tool.Serving;
using nanoOta.Tool.Watching;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tool.Commands
{
    /// <summary><c>nanoota watch</c>.</summary>
    internal static class WatchCommand
    {
        public static Command Create(CommandLine line)
        {
            var project = new Argument<string>("PROJECT_OUTPUT") { Description = "The folder that a nanoFramework project builds into, for example bin/Debug." };
            var folder = new Option<string?>("--dir") { Description = "The folder to pack into; one of the tool's own for each project when not given. The counter goes on where it left off there." };
            var version = new Option<string?>("--version") { Description = "What the versions begin with, for example 1.2.0-alice; the application's own a.b.c with -dev when not given." };
            var layout = new Option<string?>("--layout") { Description = $"The flash layout that builds must fit: {LayoutName.All}." };
            var target = new Option<string?>("--target") { Description = $"The firmware target of the board; that of the layout, or {PackCommand.DefaultTarget}, when not given." };
            var key = new Option<string?>("--key") { Description = "Sign each build with this private key; devices then watch /latest.jws." };
            var kid = new Option<string?>("--kid") { Description = "The id that devices know the key by; its own when not given." };
            Option<int> port = ServeCommand.PortOption();
            Option<bool> tls = ServeCommand.TlsOption();
            return line.On(new Command("watch", """
                Pack each build of a project as a pre-release with a rising number (1.2.0-dev.7) and serve it, so that a board on the desk updates itself. A build that is not complete or not sound is not served.

                Example: nanoota watch bin/Debug --layout esp32-4mb
                """) { project, folder, port, version, layout, target, tls, key, kid }, (result, output) =>
            {
                string source = result.GetRequiredValue(project);
                if (!Directory.Exists(source))
                {
                    throw new Failure(ExitCode.Usage, $"there is no folder {source}: build the project once.");
                }

                FlashLayout? fit = result.GetValue(layout) is { } name ? LayoutName.Find(name) : null;
                string? stem = result.GetValue(version) is { } given ? Stem(given) : null;
                KeyPair? pair = result.GetValue(key) is { } keyPath ? KeyPair.ReadPrivate(keyPath, result.GetValue(kid)) : null;
                string into = result.GetValue(folder) ?? FolderFor(source);
                using IDisposable held = DevelopmentVersions.Hold(into);
                var versions = new DevelopmentVersions(into) { Sign = pair == null ? null : package => SignedFile.Make(package.Manifest, pair) };
                using var server = new LanServer(output, versions.Find, ServeCommand.Port(result.GetValue(port)), result.GetValue(tls) ? LanServer.UserFolder : null);
                var watcher = new BuildWatcher(new BuildOutput(source), versions, TimeProvider.System, server.Tell)
                {
                    Stem = stem,
                    Layout = fit,
                    Target = result.GetValue(target) ?? fit?.Target ?? PackCommand.DefaultTarget,
                };
                return server.Run(line.Stop, watcher.Look);
            });
        }

        // Outside of the project: what is cleaned there must not set the counter back.
        private static string FolderFor(string source)
        {
            byte[] path = Encoding.UTF8.GetBytes(Path.TrimEndingDirectorySeparator(Path.GetFullPath(source)));
            return Path.Combine(LanServer.UserFolder, "watch", Convert.ToHexStringLower(SHA256.HashData(path))[..12]);
        }

        private static string Stem(string text)
        {
            string stem = text.Contains('-') ? text : text + "-dev";
            return !text.Contains('+') && SemanticVersion.Parse(stem + ".1") != null ? stem
                : throw new Failure(ExitCode.Usage, $"'{text}' begins no pre-release version: a.b.c or a.b.c-label.");
        }
    }
}

extern alias StandIns;

using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Applications;
using nanoOta.VirtualDevice.Boot;
using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;
using StandIns::nanoOta.StandIns;

namespace nanoOta.Tool.Devices
{
    /// <summary>One run of a virtual device on which a user's application runs, over real HTTP.</summary>
    /// <param name="state">The device.</param>
    /// <param name="paths">The application: its assembly, or one for each of its versions.</param>
    internal sealed class ApplicationRun(StateFolder state, string[] paths)
    {
        // A device waits longer; on a PC, servers that do not answer in this time will not.
        private const int TimeoutMilliseconds = 3000;
        private const int DriveLength = 1 << 20;

        private readonly ApplicationFile[] _files = [.. paths.Select(Read)];

        /// <summary>The power is cut at this operation of the flash, from 1; 0: never.</summary>
        public long CutAfter { get; init; }

        /// <summary>How long the run may take, by the host's clock.</summary>
        public double MaxSeconds { get; init; } = 120;

        /// <summary>The run ends after so many seconds of the device's time without any change of its flash, when nothing is on trial.</summary>
        public double RestSeconds { get; init; } = 300;

        /// <summary>Certificates in the device's own store, PEM; empty: none.</summary>
        public string Authority { get; init; } = "";

        /// <summary>Runs, and shows what the application prints. The device's state is saved, whatever happens to it.</summary>
        /// <exception cref="Failure">The application cannot be loaded, or can never end what it does.</exception>
        public ExitCode Run(Output output)
        {
            DeviceNetwork.ConnectTimeoutMilliseconds = TimeoutMilliseconds;
            DeviceCertificateStore.Roots = Encoding.ASCII.GetBytes(Authority + '\0');
            NorFlash flash = state.Storage.PowerOn(CutAfter);
            var device = new ApplicationDevice(flash, state.Layout, Find)
            {
                Files = Drive(),
                Network = new BoardNetwork { IsWifi = state.Layout.IsEsp32 },
                Printed = line =>
                {
                    output.Json(new JsonObject { ["event"] = "printed", ["line"] = line });
                    output.Line("  | " + line);
                },
                Log = e => Show(output, e),
            };
            RunEnd end;
            string? confirmed = null;
            try
            {
                end = Run(device, flash);
                confirmed = end == RunEnd.Stopped ? device.Confirmed : null;
            }
            catch (Exception e) when (e is InvalidDataException or DeviceHangException)
            {
                throw new Failure(ExitCode.Usage, e.Message);
            }
            finally
            {
                Save(device.Files);
                state.Save();
            }

            foreach (Exception fault in device.Uncaught)
            {
                output.Line($"  an exception ended a thread of the application: {fault.GetType().Name}: {fault.Message}");
            }

            output.Json(new JsonObject { ["event"] = "end", ["end"] = end.ToString(), ["application"] = device.Version, ["confirmed"] = confirmed, ["reboots"] = device.Reboots });
            output.Line(end switch
            {
                RunEnd.PowerCut => "  power cut",
                RunEnd.Dead => "  no application starts: " + device.DeadBecause,
                _ => $"  {device.Version} runs, {(confirmed == null ? "as the factory installed it" : $"{confirmed} is confirmed")}",
            });
            return end switch { RunEnd.PowerCut => ExitCode.PowerCut, RunEnd.Dead => ExitCode.Unsound, _ => ExitCode.Done };
        }

        private RunEnd Run(ApplicationDevice device, NorFlash flash)
        {
            var watch = Stopwatch.StartNew();
            long operations = -1;
            TimeSpan changedAt = TimeSpan.Zero;
            return device.Run(() =>
            {
                if (operations != flash.Operations || device.Slots!.IsOnTrial)
                {
                    operations = flash.Operations;
                    changedAt = device.Clock.Elapsed;
                }

                return watch.Elapsed.TotalSeconds > MaxSeconds || (device.Clock.Elapsed - changedAt).TotalSeconds > RestSeconds;
            });
        }

        // The one of that version, or else the newest, which then says that it has it.
        private ApplicationFile Find(AssemblyVersion version)
        {
            return Array.Find(_files, file => file.Version with { Revision = 0 } == version with { Revision = 0 })
                ?? _files.MaxBy(file => (file.Version.Major, file.Version.Minor, file.Version.Build))!;
        }

        private static ApplicationFile Read(string path)
        {
            try
            {
                return Failure.OfFiles($"cannot read {path}", () => ApplicationFile.Read(path));
            }
            catch (InvalidDataException e)
            {
                throw new Failure(ExitCode.Usage, e.Message);
            }
        }

        private static void Show(Output output, DeviceEvent e)
        {
            var json = new JsonObject { ["event"] = e.Name };
            foreach ((string name, object? value) in e.Data)
            {
                json[name] = value is bool b ? b : value?.ToString();
            }

            output.Json(json);
            output.Line(e.Name == "boot"
                ? $"  boot: {(json["application"] is { } version ? $"application {version}" : "no application")} from {json["slot"]}{((bool)json["trial"]! ? ", on trial" : "")}"
                : (string?)json["cause"] == nameof(ResetCause.Watchdog) ? "  the watchdog resets it" : "  reboot");
        }

        private VirtualFileSystem Drive()
        {
            string path = Path.Combine(state.Folder, "files.bin");
            return !File.Exists(path) ? new VirtualFileSystem(DriveLength) : Failure.OfFiles($"cannot read {path}", () =>
            {
                using FileStream file = File.OpenRead(path);
                return VirtualFileSystem.Load(file);
            });
        }

        private void Save(VirtualFileSystem files) => OutputFile.Write(Path.Combine(state.Folder, "files.bin"), files.Save);
    }
}

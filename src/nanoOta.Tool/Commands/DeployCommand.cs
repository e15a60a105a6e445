using System.CommandLine;
using nanoOta.Tool.DeviceUpdates;
using nanoOta.Tool.Fleet;
using nanoOta.Tool.Packing;
using nanoOta.Tool.Publishing;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tool.Commands
{
    /// <summary><c>nanoota deploy</c>.</summary>
    internal static class DeployCommand
    {
        public static Command Create(CommandLine line)
        {
            var file = new Argument<string>("FILE") { Description = "The image: a deployment or a firmware." };
            var version = new Argument<string>("VERSION") { Description = "The version, above the one that the group had: the image's own a.b.c, perhaps with a pre-release part." };
            var product = new Argument<string>("PRODUCT") { Description = "The tag \"product\" of the devices." };
            var group = new Argument<string?>("GROUP") { Description = "The tag \"group\" of the devices. Not needed with --device.", Arity = ArgumentArity.ZeroOrOne };
            var start = new Option<string?>("--start") { Description = "Devices wait until then: UTC, such as 2026-11-20T22:00:00Z." };
            var window = new Option<string?>("--window") { Description = "Devices start in this time of the day alone: UTC, such as 22:00-04:00." };
            var percent = new Option<int>("--percent") { Description = "How many devices of a hundred may update; widen later with 'nanoota rollout'.", DefaultValueFactory = _ => 100 };
            var priority = new Option<int>("--priority") { Description = "The lowest priority of the configuration; it is above the group's last one in any case.", DefaultValueFactory = _ => 10 };
            var canary = new Option<int?>("--canary") { Description = "Begin with so many per cent, watch, and widen by itself. Ctrl+C ends the watching alone: 'nanoota rollout PRODUCT GROUP --watch' goes on." };
            var widen = new Option<string?>("--widen") { Description = "With --canary: the percentages that follow, such as 25,100; 100 when not given." };
            var pauseAt = new Option<string?>("--pause-on-failure") { Description = "With --canary: pause when so many devices failed or rolled back: 2, or 2% of those that decided." };
            var device = new Option<string?>("--device") { Description = "For this one device instead of a group: into its twin." };
            var method = new Option<bool>("--method") { Description = "With --device: by the direct method 'update', so that percentage, window and interval do not apply. The device must be online within half a minute." };
            var downgrade = new Option<bool>("--allow-downgrade") { Description = "Also a version that is not above the one that the group had; the manifest then allows it and has a counter above all published." };
            var counter = new Option<uint?>("--counter") { Description = "The manifest's counter; the next one of the container when not given and needed." };
            var retry = new Option<bool>("--retry") { Description = "Devices on which it failed for good try again." };
            var layout = new Option<string?>("--layout") { Description = $"The flash layout that the image must fit: {LayoutName.All}." };
            var target = new Option<string?>("--target") { Description = $"The firmware target; that of the layout, or {PackCommand.DefaultTarget}, when not given." };
            var key = new Option<string?>("--key") { Description = "Sign the manifest with this private key." };
            var kid = new Option<string?>("--kid") { Description = "The id that devices know the key by; its own when not given." };
            var empty = new Option<bool>("--empty") { Description = "Also when no device has these tags yet: those that get them later update." };
            var dry = new Option<bool>("--dry-run") { Description = "Say what would be published and written, and change nothing." };
            var service = new Option<string?>("--device-update") { Description = "By Device Update instead of a configuration: ACCOUNT.api.adu.microsoft.com/INSTANCE. GROUP is the tag ADUGroup, --provider is needed, --name is PRODUCT when not given. Sign in with 'az login', or give a token in NANOOTA_DEVICE_UPDATE_TOKEN." };
            var compat = new Option<string[]>("--compat") { Description = "With --device-update: what devices must be, name=value; manufacturer=PROVIDER model=PRODUCT when not given.", AllowMultipleArgumentsPerToken = true };
            var security = new Option<string>("--download") { Description = "With --device-update: https, or http for devices without TLS or without the service's root certificate.", DefaultValueFactory = _ => "https" };
            security.AcceptOnlyFromAmong("https", "http");
            var members = new ManifestMemberOptions();
            var container = new ContainerOptions();
            var hubs = new HubOptions();
            var watch = new WatchOptions();
            var command = new Command("deploy", """
                Publish an image and roll it out: to every device with the tags product and group, also those that get them later, by an automatic device configuration with metrics; or to one device.

                Example: nanoota deploy app.bin 1.1.0 washer field_test --container firmware --layout esp32-4mb --canary 5 --pause-on-failure 2
                """)
            {
                file, version, product, group, start, window, percent, priority, canary, widen, pauseAt, device, method, downgrade, counter, retry, layout, target, key, kid, empty, dry, service, compat, security,
            };
            container.AddTo(command);
            hubs.AddTo(command);
            watch.AddTo(command);
            members.AddTo(command);
            var patches = new PatchOptions();
            patches.AddTo(command);
            return line.On(command, async (result, output, stop) =>
            {
                Settings settings = line.SettingsOf(result);
                FlashLayout? fit = result.GetValue(layout) is { } name ? LayoutName.Find(name) : null;
                string? keyPath = result.GetValue(key);
                var deployment = new Deploying(output)
                {
                    Image = patches.Apply(result, [PackedImage.Read(result.GetRequiredValue(file), fit)], result.GetRequiredValue(version), output)[0],
                    Version = SemanticVersion.Parse(result.GetRequiredValue(version)) ?? throw new Failure(ExitCode.Usage, $"'{result.GetValue(version)}' is no semantic version, such as 1.1.0 or 1.1.0-rc.1."),
                    Target = result.GetValue(target) ?? fit?.Target ?? PackCommand.DefaultTarget,
                    Members = members.Read(result),
                    Counter = result.GetValue(counter),
                    AllowsDowngrade = result.GetValue(downgrade),
                    Sign = keyPath == null ? null : package => PackageFolder.Sign(package, keyPath, result.GetValue(kid)),
                    IsDry = result.GetValue(dry),
                };
                IReadOnlyList<int> plan = Plan(result.GetValue(canary), result.GetValue(widen), result.GetValue(percent));
                string? limit = Limit(result.GetValue(pauseAt), result.GetValue(canary) != null);
                IContainer to = container.Open(result, settings);
                if (to.Url == null)
                {
                    throw new Failure(ExitCode.Usage, $"{to.Name} is a folder: say by --url at which URL devices find it.");
                }

                Task<string?> Token() => container.TokenAsync(result, settings, to, stop);
                if (result.GetValue(service) is { } instance)
                {
                    return await ByDeviceUpdateAsync(instance);
                }

                using HubClient hub = hubs.Open(result, settings);
                string? retryMark = result.GetValue(retry) ? RolloutCommand.RetryMark() : null;
                string? after = ManifestMemberOptions.Time(result, start);
                if (result.GetValue(device) is { } id)
                {
                    return await deployment.ToDeviceAsync(hub, id, to, Token, after, retryMark, result.GetValue(method), stop);
                }

                DeviceGroup devices = DeviceGroup.Of(result.GetRequiredValue(product), result.GetValue(group) ?? throw new Failure(ExitCode.Usage, "GROUP is missing: nanoota deploy FILE VERSION PRODUCT GROUP, or --device ID for one device."));
                var rollout = new Rollout
                {
                    Group = devices,
                    Version = deployment.Version.Text,
                    Container = to.Url,
                    Percent = plan.Count > 0 ? plan[0] : RolloutCommand.Percent(result.GetValue(percent)),
                    Plan = plan,
                    PauseAt = limit,
                    Start = after,
                    Window = Window(result.GetValue(window)),
                    Retry = retryMark,
                };
                ExitCode code = await deployment.ToGroupAsync(hub, rollout, result.GetValue(priority), to, Token, result.GetValue(empty), stop);
                return code != ExitCode.Done || plan.Count == 0 || result.GetValue(dry) ? code : await watch.RunAsync(result, hub, devices, output, stop);

                async Task<ExitCode> ByDeviceUpdateAsync(string instance)
                {
                    string provider = deployment.Members.Provider ?? throw new Failure(ExitCode.Usage, "--device-update needs --provider: the service knows an update by provider, name and version.");
                    string update = deployment.Members.Name ?? result.GetRequiredValue(product);
                    if (plan.Count > 0 || result.GetValue(percent) != 100 || result.GetValue(window) != null || result.GetValue(device) != null)
                    {
                        throw new Failure(ExitCode.Usage, "--device-update has no percentage, canary, window or single device: make groups of devices by the tag ADUGroup, and deploy to one after another.");
                    }

                    string name = result.GetValue(group) ?? throw new Failure(ExitCode.Usage, "GROUP is missing: the tag ADUGroup of the devices.");
                    string[] properties = result.GetValue(compat) is { Length: > 0 } given ? given : [$"manufacturer={provider}", $"model={result.GetRequiredValue(product)}"];
                    using var client = new DeviceUpdateClient(instance, settings.Find("device-update-version", null) ?? DeviceUpdateClient.DefaultVersion, settings.Find("device-update-token", null));
                    return await new DeviceUpdateDeployment(client, output)
                    {
                        Provider = provider,
                        Name = update,
                        Compatibility = properties,
                        DownloadSecurity = result.GetRequiredValue(security),
                        IsDry = result.GetValue(dry),
                    }.RunAsync(result.GetRequiredValue(file), deployment.Image, deployment.Version, name, ManifestMemberOptions.Time(result, start), to, Token, stop);
                }
            });
        }

        private static List<int> Plan(int? canary, string? widen, int percent)
        {
            if (canary == null)
            {
                return widen == null ? [] : throw new Failure(ExitCode.Usage, "--widen goes with --canary.");
            }

            List<int> plan = [RolloutCommand.Percent(canary.Value)];
            foreach (string part in widen?.Split(',') ?? [$"{percent}"])
            {
                plan.Add(int.TryParse(part, out int step) && step is >= 1 and <= 100 && step > plan[^1] ? step
                    : throw new Failure(ExitCode.Usage, $"the steps after --canary {canary} must rise, up to 100: '{part}' does not."));
            }

            return plan;
        }

        private static string? Limit(string? text, bool hasCanary)
        {
            if (text == null)
            {
                return null;
            }

            bool isShare = text.EndsWith('%') && double.TryParse(text[..^1], System.Globalization.CultureInfo.InvariantCulture, out double share) && share is > 0 and <= 100;
            return !hasCanary ? throw new Failure(ExitCode.Usage, "--pause-on-failure goes with --canary.")
                : isShare || (uint.TryParse(text, out uint count) && count > 0) ? text
                : throw new Failure(ExitCode.Usage, $"--pause-on-failure is a number of devices, such as 2, or a percentage of those that decided, such as 2%, not '{text}'.");
        }

        private static string? Window(string? text)
        {
            if (text == null)
            {
                return null;
            }

            string[] ends = text.Split('-');
            return ends.Length == 2 && ends.All(end => TimeOnly.TryParseExact(end, "HH:mm", null, System.Globalization.DateTimeStyles.None, out _)) ? text
                : throw new Failure(ExitCode.Usage, $"--window is '{text}'. Write it in UTC, such as 22:00-04:00.");
        }
    }
}

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
        // Options of the rollout to a group.
        private static readonly string[] _rollout = ["--percent", "--canary", "--widen", "--pause-on-failure", "--priority", "--empty", "--poll", "--step-hours"];

        // Options of packing.
        private static readonly string[] _packing = ["--provider", "--name", "--not-before", "--expires", "--from", "--patches"];

        public static Command Create(CommandLine line)
        {
            var file = new Argument<string>("FILE") { Description = "The image, a deployment or a firmware, which is packed now; or what was released: the manifest (v1_1_0.jws) or the folder that 'release' or 'pack' wrote." };
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
            var services = new InstanceOptions("By Device Update instead of a configuration, with --provider and --name (PRODUCT when not given)");
            var compat = new Option<string[]>("--compat") { Description = "With --device-update: what devices must be, name=value; manufacturer=PROVIDER model=PRODUCT when not given.", AllowMultipleArgumentsPerToken = true };
            var security = new Option<string>("--download") { Description = "With --device-update: https, or http for devices without TLS or without the service's root certificate.", DefaultValueFactory = _ => "https" };
            security.AcceptOnlyFromAmong("https", "http");
            var members = new ManifestMemberOptions();
            var container = new ContainerOptions();
            var hubs = new HubOptions();
            var watch = new WatchOptions();
            var command = new Command("deploy", """
                Publish an image and roll it out: to every device with the tags product and group, also those that get them later, by an automatic device configuration with metrics; or to one device. Files that were released are deployed as they are.

                Example: nanoota deploy app.bin 1.1.0 washer field_test --container firmware --layout esp32-4mb --canary 5 --pause-on-failure 2
                """)
            {
                file, version, product, group, start, window, percent, priority, canary, widen, pauseAt, device, method, downgrade, counter, retry, layout, target, key, kid, empty, dry, compat, security,
            };
            container.AddTo(command);
            hubs.AddTo(command);
            services.AddTo(command);
            watch.AddTo(command);
            members.AddTo(command);
            var patches = new PatchOptions();
            patches.AddTo(command);
            return line.On(command, async (result, output, stop) =>
            {
                Settings settings = line.SettingsOf(result);
                SemanticVersion parsed = SemanticVersion.Parse(result.GetRequiredValue(version)) ?? throw new Failure(ExitCode.Usage, $"'{result.GetValue(version)}' is no semantic version, such as 1.1.0 or 1.1.0-rc.1.");
                RequireUsed(result, services.Name, device.Name);
                IReadOnlyList<int> plan = Plan(result.GetValue(canary), result.GetValue(widen), result.GetValue(percent));
                string? limit = result.GetValue(pauseAt) is { } text ? FailureLimit.Of(text) : null;
                IContainer to = container.Open(result, settings);
                if (to.Url == null)
                {
                    throw new Failure(ExitCode.Usage, $"{to.Name} is a folder: say by --url at which URL devices find it.");
                }

                Task<string?> Token() => container.TokenAsync(result, settings, to, stop);
                using DeviceUpdateClient? service = services.Open(result, settings, output);
                if (service != null)
                {
                    return await ByDeviceUpdateAsync(service);
                }

                var deployment = new Deploying(Update(), output) { IsDry = result.GetValue(dry) };

                using HubClient hub = hubs.Open(result, settings, output);
                string? retryMark = result.GetValue(retry) ? RolloutCommand.RetryMark() : null;
                string? after = ManifestMemberOptions.Time(result, start);
                if (result.GetValue(device) is { } id)
                {
                    return await deployment.ToDeviceAsync(hub, id, result.GetRequiredValue(product), result.GetValue(group), to, Token, after, Window(result.GetValue(window)), retryMark, result.GetValue(method), stop);
                }

                DeviceGroup devices = DeviceGroup.Of(result.GetRequiredValue(product), result.GetValue(group) ?? throw new Failure(ExitCode.Usage, "GROUP is missing: nanoota deploy FILE VERSION PRODUCT GROUP, or --device ID for one device."));
                var rollout = new Rollout
                {
                    Group = devices,
                    Version = parsed.Text,
                    Container = to.Url,
                    Percent = plan.Count > 0 ? plan[0] : RolloutCommand.Percent(result.GetValue(percent)),
                    Plan = plan,
                    PauseAt = limit,
                    Start = after,
                    Window = Window(result.GetValue(window)),
                    Retry = retryMark,
                };
                int lowest = result.GetValue(priority) is >= 0 and <= RolloutLabels.MostPriority and { } given ? given : throw new Failure(ExitCode.Usage, $"--priority is from 0 to {RolloutLabels.MostPriority}, not {result.GetValue(priority)}.");
                ExitCode code = await deployment.ToGroupAsync(hub, rollout, lowest, to, Token, result.GetValue(empty), stop);
                return code != ExitCode.Done || plan.Count == 0 || result.GetValue(dry) ? code : await watch.RunAsync(result, hub, devices, output, stop);

                IDeployable Update()
                {
                    string path = result.GetRequiredValue(file);
                    if (ReleaseToDeploy.Is(path))
                    {
                        GivenOptions.Refuse(result, $"is for a build that is packed now; {path} was released, and is deployed as it is.", [.. _packing, key.Name, kid.Name, counter.Name, downgrade.Name, target.Name, layout.Name]);
                        return ReleaseToDeploy.Read(path, parsed);
                    }

                    string? keyPath = result.GetValue(key);
                    if (keyPath == null)
                    {
                        GivenOptions.Refuse(result, "goes with --key.", kid.Name);
                    }

                    FlashLayout? fit = result.GetValue(layout) is { } name ? LayoutName.Find(name) : null;
                    return new BuildToDeploy
                    {
                        Image = patches.Apply(result, [PackedImage.Read(path, fit)], parsed.Text, output)[0],
                        Version = parsed,
                        Target = result.GetValue(target) ?? fit?.Target ?? PackCommand.DefaultTarget,
                        Members = members.Read(result),
                        Counter = result.GetValue(counter),
                        AllowsDowngrade = result.GetValue(downgrade),
                        Sign = keyPath == null ? null : package => PackageFolder.Sign(package, keyPath, result.GetValue(kid)),
                    };
                }

                async Task<ExitCode> ByDeviceUpdateAsync(DeviceUpdateClient client)
                {
                    ManifestMembers names = members.Read(result);
                    string provider = names.Provider ?? throw new Failure(ExitCode.Usage, "--device-update needs --provider: the service knows an update by provider, name and version.");
                    string update = names.Name ?? result.GetRequiredValue(product);
                    string name = result.GetValue(group) ?? throw new Failure(ExitCode.Usage, "GROUP is missing: the tag ADUGroup of the devices.");
                    string[] properties = result.GetValue(compat) is { Length: > 0 } given ? given : [$"manufacturer={provider}", $"model={result.GetRequiredValue(product)}"];
                    return await new DeviceUpdateDeployment(client, output)
                    {
                        Provider = provider,
                        Name = update,
                        Compatibility = properties,
                        DownloadSecurity = result.GetRequiredValue(security),
                        IsDry = result.GetValue(dry),
                    }.RunAsync(result.GetRequiredValue(file), PackedImage.Read(result.GetRequiredValue(file), result.GetValue(layout) is { } fit ? LayoutName.Find(fit) : null), parsed, name, ManifestMemberOptions.Time(result, start), to, Token, stop);
                }
            });
        }

        // What has no effect is not passed over.
        private static void RequireUsed(ParseResult result, string service, string device)
        {
            if (GivenOptions.Has(result, service))
            {
                GivenOptions.Refuse(result, $"does not go with {service}: Device Update has no percentage, canary, window or single device (make groups by the tag ADUGroup, and deploy to one after another), and it signs and counts by itself.",
                    [.. _rollout, .. _packing.Except(["--provider", "--name"]), "--window", "--device", "--method", "--counter", "--allow-downgrade", "--retry", "--target", "--key", "--kid", "--hub"]);
                return;
            }

            GivenOptions.Refuse(result, $"goes with {service}.", "--compat", "--download");
            if (GivenOptions.Has(result, device))
            {
                GivenOptions.Refuse(result, $"is for a group, and {device} is one device.", _rollout);
                if (GivenOptions.Has(result, "--method"))
                {
                    GivenOptions.Refuse(result, "does not apply to the direct method: leave out --method, and the device finds it in its twin.", "--window");
                }

                return;
            }

            GivenOptions.Refuse(result, $"goes with {device}.", "--method");
            if (!GivenOptions.Has(result, "--canary"))
            {
                GivenOptions.Refuse(result, "goes with --canary.", "--widen", "--pause-on-failure", "--step-hours", "--poll");
            }
        }

        internal static List<int> Plan(int? canary, string? widen, int percent)
        {
            if (canary == null)
            {
                return [];
            }

            List<int> plan = [canary is >= 1 and <= 100 ? canary.Value : throw new Failure(ExitCode.Usage, $"--canary is from 1 to 100 per cent, not {canary}: with none, nothing would be tried.")];
            if (canary == 100 && widen == null && percent == 100)
            {
                // Everybody at once, and watched.
                return plan;
            }

            foreach (string part in widen?.Split(',') ?? [$"{percent}"])
            {
                plan.Add(int.TryParse(part, out int step) && step is >= 1 and <= 100 && step > plan[^1] ? step
                    : throw new Failure(ExitCode.Usage, $"the steps after --canary {canary} must rise, up to 100: '{part}' does not."));
            }

            return plan;
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

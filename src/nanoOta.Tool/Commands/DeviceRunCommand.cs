extern alias StandIns;

using System.CommandLine;
using System.Text;
using nanoOta.Tool.Devices;
using nanoOta.Tool.DeviceUpdates;
using nanoOta.Tool.Keys;
using nanoOta.Tool.Serving;
using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Images;
using X509Certificate = StandIns::System.Security.Cryptography.X509Certificates.X509Certificate;

namespace nanoOta.Tool.Commands
{
    /// <summary><c>nanoota device run</c>.</summary>
    internal static class DeviceRunCommand
    {
        public static Command Create(CommandLine line)
        {
            var state = new Option<string>("--state") { Description = "The device's folder.", Required = true };
            var twin = new Option<string?>("--twin") { Description = "A file with the twin's desired properties, or the whole twin as exported, for example {\"updateVersion\":\"1.1.0\",\"updateUrl\":\"http://127.0.0.1:8080/firmware\"}." };
            var manifest = new Option<string?>("--manifest-url") { Description = "The URL of a manifest to watch instead of a twin." };
            var drive = new Option<string?>("--drive") { Description = "A folder that is the device's USB drive: the newest bundle (.tar) or manifest in it is installed, without any network." };
            var test = new Option<string>("--self-test") { Description = "What a version on trial does: pass, fail, hang or crash.", DefaultValueFactory = _ => "pass" };
            var cut = new Option<long?>("--cut-after") { Description = "Cut the power at this flash operation (with stock-4mb: change of the file system), counted from 1." };
            var seconds = new Option<double>("--max-seconds") { Description = "How long it may take by the clock on the wall. The device's own waiting takes no time.", DefaultValueFactory = _ => 120 };
            var https = new Option<bool>("--https-only") { Description = "Believe no manifest that comes over plain http." };
            var authority = new Option<string?>("--ca") { Description = "The root certificate (PEM) that https servers are verified with." };
            var key = new Option<string[]>("--key") { Description = "A key that is trusted, PEM or a JSON Web Key, known by its own id or its thumbprint; give the option once for each. Only what is signed is then installed." };
            var roots = new Option<string?>("--root-keys") { Description = "Root keys for a twin with a deviceUpdate component: a JSON object of key ids with JSON Web Keys, or a root-key package. Device Update's production keys when not given." };
            var with = new Option<string[]>("--with") { Description = "Attach something: mcu (an MCU with MCUboot behind a flash chip, component mcu) or file=ID:PATH (a file on the device's drive, component ID; PATH is what the factory put there). Give the option once for each." };
            var module = new Option<string?>("--module") { Description = "An assembly of yours, compiled for nanoFramework: each public UpdateModule in it with a constructor without parameters is added. The device has a drive I: and a flash chip of 1 MiB on SPI bus 1, chip select 4." };
            var decrypt = new Option<string[]>("--decrypt-key") { Description = "A secret key that the device has, to open encrypted images with; give the option once for each." };
            var app = new Option<string[]>("--app") { Description = "Your application's assembly (static void Main), compiled for nanoFramework: it runs, with its own channel. Give the option once for each version that you built; for another version the newest runs, under that version's number." };
            var loader = new Option<string?>("--loader") { Description = "With --app, on a device with stock firmware: your loader's assembly, which runs and loads the application from the drive." };
            var rest = new Option<double>("--rest-seconds") { Description = "With --app: the run ends after so many seconds of the device's time without a change of its flash or drive.", DefaultValueFactory = _ => 300 };
            test.AcceptOnlyFromAmong("pass", "fail", "hang", "crash");
            var run = new Command("run", """
                Run a virtual device, reboots included, until its request is met or refused. Run it again to go on after a power cut.

                With --key the device believes signed manifests alone (v1_1_0.jws instead of v1_1_0.json), and follows keys.jws beside them; the list it then trusts is kept in its folder as keys.json.

                A twin with a deviceUpdate component goes through a hub of its own, which keeps what is reported beside the device; each patch is printed. The device is of the product that the request is for.

                With --drive the files of the folder lie on a drive of the device, D:, as they are now.

                With --app the device runs your Main, on threads and with a clock of its own, and prints what it prints; --ca is then the device's own certificate store. With stock firmware your loader runs, by --loader, and loads the application from the drive. An application that connects to an IoT hub finds none.

                With --with and --module, --cut-after counts the changes of all that is attached as well, and what is attached keeps its state in the device's folder.

                Exits with 0 when it rests on the wanted version, or nothing was wanted; 3 when it rests on another one; 4 when it starts no more; 5 when it did not settle; 9 when the power was cut.

                Example: nanoota device run --state washer --twin desired.json
                """) { state, twin, manifest, drive, test, cut, seconds, https, authority, key, roots, with, module, decrypt, app, loader, rest };
            return line.On(run, (result, output) =>
            {
                string? url = result.GetValue(manifest);
                string? file = result.GetValue(twin);
                string? stick = result.GetValue(drive);
                string[] own = result.GetValue(app) ?? [];
                int ways = new[] { url, file, stick }.Count(way => way != null);
                Option[] others = [twin, manifest, drive, with, module, test, https, key, decrypt, roots];
                string vain = string.Join(", ", others.Where(option => result.GetResult(option) is { Implicit: false }).Select(option => option.Name));
                Require(own.Length == 0 || vain == "", $"--app brings its own channel, keys, modules and self-test: leave out {vain}.");
                Require(own.Length > 0 || ways == 1, "give either --twin or --manifest-url or --drive, or your application with --app.");
                Require(own.Length > 0 || result.GetValue(loader) == null, "--loader goes with --app.");
                Require(url == null || Url.IsAbsolute(url), "--manifest-url is not an absolute http or https URL.");
                Require(result.GetValue(cut) is null or > 0, "--cut-after counts from 1.");
                Require(result.GetValue(seconds) > 0, "--max-seconds must be more than 0.");
                Require(result.GetValue(rest) > 0, "--rest-seconds must be more than 0.");
                using IDisposable held = StateFolder.Hold(result.GetRequiredValue(state));
                StateFolder folder = StateFolder.Open(result.GetRequiredValue(state));
                if (own.Length > 0)
                {
                    bool hasLoader = result.GetValue(loader) != null;
                    Require(hasLoader || !folder.Layout.IsStock, $"{folder.Folder} is a device with stock firmware, where a loader runs and loads the application: name its assembly by --loader.");
                    Require(!hasLoader || folder.Layout.IsStock, $"{folder.Folder} is a device with a firmware of its own (layout {folder.Layout.Name}), which has no loader: leave out --loader.");
                    return new ApplicationRun(folder, own)
                    {
                        Loader = result.GetValue(loader),
                        CutAfter = result.GetValue(cut) ?? 0,
                        MaxSeconds = result.GetValue(seconds),
                        RestSeconds = result.GetValue(rest),
                        Authority = result.GetValue(authority) is { } store ? Encoding.UTF8.GetString(InputFile.Bytes(store)) : "",
                    }.Run(output);
                }

                var device = new DeviceRun
                {
                    State = folder,
                    Attached = Attachments.Open(folder.Folder, result.GetValue(with) ?? [], result.GetValue(module)),
                    Desired = file == null ? null : TwinFile.Desired(file),
                    ManifestUrl = url ?? "",
                    Drive = stick == null ? null : DriveFolder.Read(stick),
                    SelfTest = Enum.Parse<SelfTestMode>(result.GetRequiredValue(test), ignoreCase: true),
                    CutAfter = result.GetValue(cut) ?? 0,
                    MaxSeconds = result.GetValue(seconds),
                    HttpsOnly = result.GetValue(https),
                    Keys = Keys(result.GetValue(key) ?? []),
                    DecryptionKeys = EncryptionKeyFile.ReadAll(result.GetValue(decrypt) ?? []),
                    RootKeys = result.GetValue(roots) is { } keys ? Roots(keys) : null,
                    Authority = result.GetValue(authority) is { } path ? Certificate(path) : null,
                };
                foreach (string fault in device.Desired == null ? [] : RequestFaults.Of(device.Desired))
                {
                    output.Complain($"{file}: {fault}");
                }

                RunResult end = RunView.Watch(output, device.Run);
                if (url != null && end.Code is ResultCode.ManifestMalformed or ResultCode.OfferMalformed)
                {
                    output.Complain($"{url} brings neither a manifest nor an update request. Of 'nanoota serve', name /{ReleaseFolder.Latest}.json, /{ReleaseFolder.Latest}.jws or /{LanOffer.FileName}: its address alone is the page.");
                }

                foreach (string text in device.Attached?.ToText() ?? [])
                {
                    output.Line("  " + text);
                }

                return end.ExitCode;
            });
        }

        private static void Require(bool condition, string sentence)
        {
            if (!condition)
            {
                throw new Failure(ExitCode.Usage, sentence);
            }
        }

        private static RsaPublicKey[] Keys(string[] paths)
        {
            RsaPublicKey[] keys = [.. paths.Select(path => KeyPair.Read(path, null).Device!)];
            Require(keys.Length <= KeyList.MaxKeys, $"a device is given {KeyList.MaxKeys} keys at the most.");
            Require(keys.DistinctBy(read => read.Id).Count() == keys.Length, "two keys have the same id: devices tell them apart by it.");
            return keys;
        }

        private static RootKeys Roots(string path)
        {
            RootKeys keys = RootKeyFile.Read(path, out ResultCode code);
            Require(code == ResultCode.None, $"devices do not follow the root-key package in {path} ({ResultText.Name(code)}).");
            return keys;
        }

        private static X509Certificate Certificate(string path)
        {
            string pem = Encoding.UTF8.GetString(InputFile.Bytes(path));
            try
            {
                return new X509Certificate(pem);
            }
            catch (ArgumentException)
            {
                throw new Failure(ExitCode.Usage, $"{path} holds no certificate in PEM.");
            }
        }
    }
}

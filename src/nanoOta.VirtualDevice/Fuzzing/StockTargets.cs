extern alias StandIns;

using System.Security.Cryptography;
using System.Text;
using nanoOta.VirtualDevice.Cloud;
using nanoOta.VirtualDevice.Images;
using nanoOta.VirtualDevice.Stock;
using StandIns::nanoOta.StandIns;
using DeviceFile = StandIns::System.IO.File;
using ScenarioImages = nanoOta.VirtualDevice.PowerFail.Images;

namespace nanoOta.VirtualDevice.Fuzzing
{
    /// <summary>
    /// What a stock device reads from its drive: record, journal, and the applications' files. The device starts with the input in
    /// place of one of them and goes for an update. What runs may never be lost to it. Every other record gets its checksum
    /// repaired: that one is obeyed, whatever it says, and still nothing may throw.
    /// </summary>
    internal static class StockTargets
    {
        private const string Old = ScenarioImages.Factory;
        private const string New = "1.1.0";
        private const string Container = "https://files.example/";
        private const string Request = $$"""{"updateVersion":"{{New}}","updateUrl":"{{Container}}"}""";
        private const int MaxSteps = 500;

        private static readonly FlashLayout _layout = FlashLayouts.Stock;
        private static readonly MemoryServer _server = Server();
        private static readonly string[][] _sets = [.. new[] { Old, New }.Select(version => Names(Deployment.Read(ScenarioImages.Deployment(version)).Assemblies))];

        // Drives in the middle of an update and at its ends.
        private static readonly byte[] _confirmed = Bytes(StockFiles.Make(_layout, ScenarioImages.Deployment(Old)));
        private static readonly byte[] _halfway = Cut(operation => operation.Path.EndsWith(@"b\app.bin", StringComparison.Ordinal) || operation.Path.EndsWith(@"a\app.bin", StringComparison.Ordinal), 6);
        private static readonly byte[] _activated = Cut(operation => operation.Path.Contains("record", StringComparison.Ordinal), 1);
        private static readonly byte[] _updated = Cut(_ => false, 1);

        public static IReadOnlyList<FuzzTarget> All { get; } =
        [
            new("stock-record", 4, [.. Files("record0", "record1")], Record),
            new("stock-journal", 4, [.. Files("journal0", "journal1")], Journal),
            new("stock-app", 4, [ScenarioImages.Deployment(Old), ScenarioImages.Deployment(New)], Application),
        ];

        private static void Record(byte[] input)
        {
            byte[] bytes = FlashTargets.Repaired(input, nanoOta.Journal.RecordLength);
            int way = Way(input);
            Life life = Live(way < 2 ? _confirmed : _activated, $"record{way % 2}", bytes, Request);
            Require(IsWhole(bytes) || (life.IsKept && life.IsWhole && life.Runs(New)), $"{life}");
        }

        private static void Journal(byte[] input)
        {
            byte[] bytes = FlashTargets.Repaired(input, nanoOta.Journal.RecordLength);
            Life life = Live(_halfway, $"journal{Way(input) % 2}", bytes, Request);
            Require(life.IsKept && (IsWhole(bytes) || life.Runs(New)), $"{life}");
        }

        private static void Application(byte[] input)
        {
            // The file that is being written, that is about to be tried, that runs and has one to fall back to, that runs alone.
            (byte[] drive, string folder, string desired) = Way(input) switch
            {
                0 => (_halfway, "a", Request),
                1 => (_activated, "a", Request),
                2 => (_updated, "a", "{}"),
                _ => (_confirmed, "b", Request),
            };
            Life life = Live(drive, $@"{folder}\app.bin", input, desired);
            Require(life.Runs(New) || (drive != _confirmed && life.Runs(Old)), $"{life}");
            Require(life.IsWhole && (life.IsKept || drive != _halfway), $"{life}");
        }

        // A device's life with this file on its drive.
        private static Life Live(byte[] drive, string file, byte[] bytes, string desired)
        {
            VirtualFileSystem files = VirtualFileSystem.Load(new MemoryStream(drive));
            VirtualFileSystem.Current = files;
            DeviceFile.WriteAllBytes(StockDevice.Root + file, bytes);
            Life life = Live(files, desired);
            Require(life.End is RunEnd.Settled or RunEnd.Stopped, $"ended {life.End}");
            Require(life.Device.Status!.Fault == null, $"threw {life.Device.Status.Fault}");
            return life;
        }

        private static Life Live(VirtualFileSystem files, string desired)
        {
            var life = new Life();
            life.Device = new StockDevice(files, _layout, new DeviceSetup
            {
                Channel = _ => new DesiredChannel(() => desired),
                Source = _ => _server.Connect(),
                Clock = new VirtualClock(new DateTime(2026, 11, 20, 12, 0, 0, DateTimeKind.Utc)) { FollowsHost = false },
                Configure = options => options.CheckpointInterval = PowerFail.World.CheckpointInterval,
                Log = e => life.Booted(e.Name),
            });
            int steps = 0;
            life.End = life.Device.Run(() => ++steps > MaxSteps);
            return life;
        }

        // The drive of an update whose power is cut behind one of its operations.
        private static byte[] Cut(Func<FileOperation, bool> at, int count)
        {
            VirtualFileSystem files = VirtualFileSystem.Load(new MemoryStream(_confirmed));
            files.BeforeOperation = operation => at(operation) && --count == 0 ? CutPoint.After : CutPoint.None;
            Live(files, Request);
            return Bytes(files);
        }

        private static MemoryServer Server()
        {
            byte[] image = ScenarioImages.Deployment(New);
            var server = new MemoryServer();
            server.Put(Container + "v1_1_0.bin", image);
            server.Put(Container + "v1_1_0.json", Encoding.UTF8.GetBytes($$"""{"schema":1,"version":"{{New}}","components":[{"id":"app","version":"{{New}}","size":{{image.Length}},"sha256":"{{Convert.ToHexStringLower(SHA256.HashData(image))}}","urls":["v1_1_0.bin"]}]}"""));
            return server;
        }

        private static IEnumerable<byte[]> Files(params string[] names)
        {
            foreach (byte[] drive in new[] { _confirmed, _halfway, _activated, _updated })
            {
                VirtualFileSystem.Current = VirtualFileSystem.Load(new MemoryStream(drive));
                foreach (string name in names.Where(name => DeviceFile.Exists(StockDevice.Root + name)))
                {
                    yield return DeviceFile.ReadAllBytes(StockDevice.Root + name);
                }
            }
        }

        private static byte[] Bytes(VirtualFileSystem files)
        {
            files.CutPower();
            files.RestorePower();
            using var bytes = new MemoryStream();
            files.Save(bytes);
            return bytes.ToArray();
        }

        private static string[] Names(IEnumerable<NanoAssembly> assemblies)
        {
            return [.. assemblies.Select(assembly => assembly.ToString())];
        }

        private static int Way(byte[] input)
        {
            return input.Sum(b => b) / 2 % 4;
        }

        private static bool IsWhole(byte[] record)
        {
            int length = nanoOta.Journal.RecordLength;
            return record.Length >= length && BitConverter.ToUInt32(record, length - 4) == Crc32.Ieee(record.AsSpan(0, length - 4));
        }

        private static void Require(bool condition, string otherwise)
        {
            if (!condition)
            {
                throw new FuzzException(otherwise);
            }
        }

        // What became of a device, boot by boot.
        private sealed class Life
        {
            public StockDevice Device { get; set; } = null!;

            public RunEnd End { get; set; }

            // Every boot started an application.
            public bool IsKept { get; private set; } = true;

            // What was started was one version's set.
            public bool IsWhole { get; private set; } = true;

            public bool Runs(string version)
            {
                return End == RunEnd.Settled && Device.Status!.Current == version && Device.Runtime!.IsStarted;
            }

            public void Booted(string e)
            {
                if (e == "boot")
                {
                    bool started = Device.Runtime!.IsStarted;
                    IsKept &= started;
                    IsWhole &= !started || _sets.Any(set => set.SequenceEqual(Names(Device.Runtime.Loaded)));
                }
            }

            public override string ToString()
            {
                return $"ended {End} with {Device.Status!.Current} after {Device.Status.LastCode}{(IsKept ? "" : ", and a boot started nothing")}{(IsWhole ? "" : ", or a set that is none")}";
            }
        }
    }
}

using nanoOta.Tests.Devices;
using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Boot;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tests.Attacks
{
    /// <summary>
    /// A virtual device that runs 1.0.0 and is attacked. Whatever the attack: the device says what it is by a code, its version
    /// runs on and not a byte of it has changed, no more is fetched than it has to be, and an honest update still goes through.
    /// </summary>
    internal sealed class Victim
    {
        public const int ImageLength = 20_000;
        public const string ImageUrl = Bench.Container + "v1_1_0.deployment.bin";

        // More than any manifest, and more than any update request.
        private const int Overhead = 4097;

        private readonly byte[] _before;
        private readonly SlotMap _map;

        public Victim()
        {
            _map = new SlotMap(Bench.Layout);
            _before = Running();
            Publish("1.1.0");
            Bench.Desired = Request("1.1.0");
        }

        public Bench Bench { get; } = new();

        public static string Request(string version, string more = "")
        {
            return $$"""{"updateVersion":"{{version}}",{{more}}"updateUrl":"{{Bench.Container}}"}""";
        }

        public void Publish(string version, string more = "", int length = ImageLength)
        {
            Bench.Publish(version, more, ("deployment", version, Bench.Deployment(version, length)));
        }

        /// <summary>Runs the device and asserts that the attack is recognised, and comes to nothing.</summary>
        /// <param name="code">The code that it ends with.</param>
        /// <param name="images">How many times the image may be fetched at the most.</param>
        /// <param name="bytesRead">Bytes fetched; null: counted by the bench's server.</param>
        public void Withstands(ResultCode code, int images = 0, Func<long>? bytesRead = null)
        {
            Assert.Equal(RunEnd.Settled, Bench.Run());
            IsUnharmed(code);
            Assert.InRange((bytesRead ?? (() => Bench.Server.BytesRead))(), 0, Overhead + (long)images * ImageLength);
            RecoversWith("2.0.0");
        }

        /// <summary>Asserts that what ran before runs still.</summary>
        public void IsUnharmed(ResultCode code)
        {
            Assert.True(code == Bench.Status.LastCode, string.Join("\n", Bench.Log.Append($"{Bench.Status.LastCode}")));
            Assert.Equal(("1.0.0", UpdateState.Idle, "ota_0/deploy_0", 0), (Bench.Status.Current, Bench.Status.State, Bench.Status.Slot, Bench.Device!.Reboots));
            Assert.False(Bench.Device.Slots!.Record.HasTrial);
            Assert.True(_before.AsSpan().SequenceEqual(Running()), "the running slots have changed");
        }

        /// <summary>Asserts that an honest update goes through when the attack is over.</summary>
        public void RecoversWith(string version, string more = "")
        {
            Bench.Source = null;
            Bench.Configure = null;
            Bench.Server.OnOpen = null;
            Bench.Server.OnRead = null;
            Publish(version, more);
            Bench.Request(version);
            Assert.Equal((ResultCode.Applied, version), (Bench.Status.LastCode, Bench.Status.Current));
        }

        private byte[] Running()
        {
            Partition firmware = _map.Firmware[0];
            Partition deploy = _map.Deploy[0];
            return [.. Bench.Flash.ReadUsed((int)firmware.Offset, (int)firmware.Size), .. Bench.Flash.ReadUsed((int)deploy.Offset, (int)deploy.Size)];
        }
    }
}

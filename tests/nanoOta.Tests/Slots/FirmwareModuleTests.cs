using System.Buffers.Binary;
using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Boot;
using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;
using nanoOta.VirtualDevice.Slots;

namespace nanoOta.Tests.Slots
{
    /// <summary>What the firmware's module refuses.</summary>
    public class FirmwareModuleTests
    {
        private const uint Known = 0x11223344;

        private static readonly FlashLayout _layout = FlashLayouts.Find("esp32-8mb")!;

        [Theory]
        [InlineData(60)]
        [InlineData(28000)]
        public void The_shortest_and_the_longest_trial_are_activated_with_their_watchdog_a_minute_later(int seconds)
        {
            byte[] deployment = SampleImages.Deployment(new AssemblyVersion(1, 1), 4096);
            FirmwareModule module = Module(seconds, deployment);
            var component = new ManifestComponent { Id = ManifestComponent.Deployment, Size = deployment.Length, Version = SemanticVersion.Parse("1.1.0") };
            var manifest = new UpdateManifest { Components = [component], Version = SemanticVersion.Parse("1.1.0") };
            Assert.Equal(ResultCode.None, module.Activate(manifest, new byte[32]));
            Assert.Equal(seconds + 60, _slots!.Record.TrialSeconds);
        }

        // mscorlib and System.Threading are strings that the CLR has built in: no text of theirs is in the assembly.
        [Theory]
        [InlineData("System.Threading", 0, ResultCode.None)]
        [InlineData("System.Threading", Known, ResultCode.None)]
        [InlineData("System.Threading", Known + 1, ResultCode.NativesMismatch)]
        [InlineData("System", 0, ResultCode.None)]
        [InlineData("mscorlib", Known, ResultCode.None)]
        [InlineData("mscorlib", Known + 1, ResultCode.NativesMismatch)]
        [InlineData("Display", 0x55667788, ResultCode.None)]
        [InlineData("Display", 0, ResultCode.NativesMismatch)]
        [InlineData("Display", Known, ResultCode.NativesMismatch)]
        public void An_assembly_whose_name_the_CLR_has_built_in_is_known_by_its_checksum(string name, uint checksum, ResultCode code)
        {
            AssemblySpec library = new(name, new AssemblyVersion(1, 0)) { NativeChecksum = checksum };
            AssemblySpec app = new("App", new AssemblyVersion(1, 1)) { References = [new(name, new AssemblyVersion(1, 0))] };
            byte[] image = DeploymentBuilder.Build([library, app], 4096);
            var component = new ManifestComponent { Id = ManifestComponent.Deployment, Size = image.Length, Version = SemanticVersion.Parse("1.1.0") };
            Assert.Equal(code, Module(600, image).Verify(new UpdateManifest { Components = [component] }, new byte[NorFlash.BlockLength]));
        }

        // 0xFFFF - 859: the last of the 860 built-in strings. Below it is a text of the assembly's own, here that of an assembly with other native code.
        [Theory]
        [InlineData(0xFCA3, ResultCode.NativesMismatch)]
        [InlineData(0xFCA4, ResultCode.None)]
        public void The_built_in_names_end_where_those_of_the_CLR_do(ushort index, ResultCode code)
        {
            byte[] library = DeploymentBuilder.Assembly(new AssemblySpec("Library", new AssemblyVersion(1, 0)) { NativeChecksum = Known }, 70_000);
            BinaryPrimitives.WriteUInt16LittleEndian(library.AsSpan(36), index);
            BinaryPrimitives.WriteInt32LittleEndian(library.AsSpan(84), 124);
            "Display\0"u8.CopyTo(library.AsSpan(124 + index));
            byte[] image = [.. library, .. SampleImages.Deployment(new AssemblyVersion(1, 1), 4096)];
            var component = new ManifestComponent { Id = ManifestComponent.Deployment, Size = image.Length, Version = SemanticVersion.Parse("1.1.0") };
            Assert.Equal(code, Module(600, image).Verify(new UpdateManifest { Components = [component] }, new byte[NorFlash.BlockLength]));
        }

        [Fact]
        public void A_head_that_was_rejected_is_judged_again_at_the_next_write()
        {
            byte[] image = SampleImages.Deployment(new AssemblyVersion(1, 1), 4096);
            FirmwareModule module = Module(600, image);
            var component = new ManifestComponent { Id = ManifestComponent.Deployment, Size = image.Length, Version = SemanticVersion.Parse("1.1.0") };
            Assert.Equal(ResultCode.None, module.Prepare(component, 0));
            Assert.Equal(ResultCode.ImageMalformed, module.Write(new byte[4096], 4096));
            Assert.Equal(ResultCode.ImageMalformed, module.Write(new byte[4096], 4096));
            Assert.Equal(ResultCode.None, module.Write(image, 4096));
        }

        private SlotCore? _slots;

        // With an image in the idle slot.
        private FirmwareModule Module(int seconds, byte[] image)
        {
            var map = new SlotMap(_layout);
            byte[] clr = EspImageBuilder.Build(new EspImageSpec("1.16.0.0") { Natives = [new("mscorlib", Known), new("Display", 0x55667788)] }, 4096);
            NorFlash flash = DeviceFactory.Make(_layout, SampleImages.Deployment(new AssemblyVersion(1, 0), 4096), clr);
            for (int at = 0; at < image.Length; at += NorFlash.BlockLength)
            {
                flash.Replace((int)map.Deploy[1].Offset + at, image.AsSpan(at, Math.Min(NorFlash.BlockLength, image.Length - at)));
            }

            var writes = new StateWrites();
            _slots = new SlotCore(flash, map, new OtaData(flash, (int)map.OtaData!.Offset, 2, writes), 0, writes);
            _slots.Hook(ResetCause.PowerOn);
            return new FirmwareModule(_slots, new UpdateAgentOptions { ApplicationVersion = "1.0.0", TrialSeconds = seconds });
        }
    }
}

extern alias StandIns;

using System.Reflection;
using System.Text;
using StandIns::nanoOta.StandIns;

namespace nanoOta.Tests.Slots
{
    /// <summary>What nanoOta.Native does before it calls native code, and with what native code stored.</summary>
    public class NativeFirmwareTests
    {
        [Fact]
        public void The_options_hold_what_the_firmware_and_the_application_say_of_themselves()
        {
            DeviceBoard.Current = new DeviceBoard { TargetName = "ESP32_REV3" };
            Assembly application = typeof(NativeFirmwareTests).Assembly;

            UpdateAgentOptions options = NativeFirmware.CreateOptions(application, "washer-0042");

            Assert.Equal(("ESP32_REV3", "washer-0042", application.GetName().Version!.ToString(3)), (options.Target, options.DeviceId, options.ApplicationVersion));
            Assert.IsType<NativeSlots>(options.Journal);
            Assert.IsType<NativeHasher>(options.Hasher);
            Assert.IsType<NativeRsaVerifier>(options.RsaVerifier);
            Assert.IsType<FirmwareModule>(Assert.Single(options.Modules));
        }

        [Fact]
        public void A_text_of_the_slot_record_that_no_zero_ends_is_as_long_as_its_room()
        {
            byte[] record = Encoding.ASCII.GetBytes(new string('a', 512));
            var status = new ModuleStatus();

            SlotRecordReader.Read(record, 0, false, new string('a', 24), status);

            Assert.Equal((new string('a', 64), new string('a', 64)), (status.TrialVersion, status.ConfirmedVersion));
        }
    }
}

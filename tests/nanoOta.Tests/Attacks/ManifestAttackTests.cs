using nanoOta.Tests.Devices;
using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tests.Attacks
{
    /// <summary>Attacks with genuine manifests and images in the wrong place or at the wrong time.</summary>
    public class ManifestAttackTests
    {
        private readonly Victim _victim = new();

        private Bench Bench => _victim.Bench;

        [Fact]
        public void Rollback_to_an_older_version_is_refused()
        {
            _victim.Publish("0.9.0");
            Bench.Desired = Victim.Request("0.9.0");
            _victim.Withstands(ResultCode.NotNewer);
        }

        [Theory]
        [InlineData(4)]
        [InlineData(5)]
        public void Rollback_with_an_old_permission_to_go_back_is_refused(int counter)
        {
            _victim.Publish("0.9.0", $"\"allowDowngrade\":true,\"counter\":{counter},");
            _victim.RecoversWith("1.2.0", "\"counter\":5,");
            Bench.Request("0.9.0");
            Assert.Equal((ResultCode.CounterTooLow, "1.2.0", 0), (Bench.Status.LastCode, Bench.Status.Current, Bench.Device!.Reboots));
        }

        [Fact]
        public void Freeze_by_an_expired_manifest_is_refused()
        {
            _victim.Publish("1.1.0", "\"expires\":\"2026-11-20T11:59:59Z\",");
            _victim.Withstands(ResultCode.Expired);
        }

        [Fact]
        public void Freeze_is_not_undone_by_a_clock_that_is_not_set()
        {
            _victim.Publish("1.1.0", "\"expires\":\"2026-11-20T11:59:59Z\",");
            int asked = 0;
            Bench.Configure = o => o.Clock = () => ++asked > 50 ? UtcTime.ToSeconds(new DateTime(2026, 11, 20, 12, 0, 0)) : 0;
            _victim.Withstands(ResultCode.Expired);
            Assert.Contains(Bench.Log, line => line.Contains("waiting=ClockUnknown"));
            Assert.True(asked > 50);
        }

        [Fact]
        public void Mix_and_match_of_a_manifest_with_another_release_s_image_is_found_by_the_hash()
        {
            Bench.Server.Put(Victim.ImageUrl, Bench.Deployment("1.0.9", Victim.ImageLength));
            _victim.Withstands(ResultCode.HashMismatch, images: 1);
        }

        [Fact]
        public void Mix_and_match_of_manifests_is_found_by_the_version()
        {
            _victim.Publish("1.0.9");
            byte[] other = Bench.Server.Get(Bench.Container + "v1_0_9.json")!;
            Bench.Server.Put(Bench.Container + "v1_1_0.json", other);
            _victim.Withstands(ResultCode.ManifestVersionMismatch);
        }

        [Fact]
        public void Mix_and_match_of_components_is_found_by_what_they_require()
        {
            byte[] image = Bench.Deployment("1.1.0");
            string hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(image));
            Bench.Server.Put(Bench.Container + "v1_1_0.json", System.Text.Encoding.UTF8.GetBytes($$"""
                {"schema":1,"version":"1.1.0","components":[{"id":"deployment","version":"1.1.0","size":{{image.Length}},"sha256":"{{hash}}","urls":["v1_1_0.deployment.bin"],"requires":{ "clr":"1.17.0" } }]}
                """));
            _victim.Withstands(ResultCode.RequirementUnmet);
        }

        [Theory]
        [InlineData(true)]
        [InlineData(false)]
        public void Mix_and_match_within_one_image_is_found_although_each_half_was_genuine(bool hasTags)
        {
            byte[] genuine = Bench.Deployment("1.1.0");
            byte[] other = Bench.Deployment("1.1.0", Victim.ImageLength, seed: 3);
            bool broken = false;
            Bench.Server.OnRead = at =>
            {
                if (at < 8192 || broken)
                {
                    return ResultCode.None;
                }

                broken = true;
                Bench.Server.Put(Victim.ImageUrl, [.. genuine[..8192], .. other[8192..]]);
                return ResultCode.ConnectionLost;
            };
            var source = new HostileSource(Bench.Server) { HidesTag = !hasTags };
            Bench.Source = _ => source;
            _victim.Withstands(ResultCode.HashMismatch, images: 2, () => source.BytesRead);
        }

        [Fact]
        public void Mix_and_match_by_a_file_that_changes_each_time_it_breaks_off_is_given_up()
        {
            byte[][] files = [Bench.Deployment("1.1.0"), Bench.Deployment("1.1.0", Victim.ImageLength, seed: 3)];
            int breaks = 0;
            Bench.Server.OnRead = at =>
            {
                if (at < 8192 + breaks * 4096)
                {
                    return ResultCode.None;
                }

                Bench.Server.Put(Victim.ImageUrl, files[++breaks % 2]);
                return ResultCode.ConnectionLost;
            };

            // As far as the first break, then of two files put together, and once more in one go.
            _victim.Withstands(ResultCode.HashMismatch, images: 3);
            Assert.Equal(3, breaks);
        }

        [Theory]
        [InlineData(false)]
        [InlineData(true)]
        public void Mix_and_match_of_a_deployment_and_a_firmware_is_found_by_the_native_checksums(bool bringsFirmware)
        {
            // What runs has the natives that the deployment asks for; the firmware that may come with it has others.
            byte[] deployment = DeploymentBuilder.Build([new AssemblySpec("mscorlib", new AssemblyVersion(1, 1)) { NativeChecksum = bringsFirmware ? SampleImages.Mscorlib.Checksum : 1 }], 8000);
            byte[] firmware = EspImageBuilder.Build(new EspImageSpec("1.17.0") { Natives = [SampleImages.Mscorlib with { Checksum = 1 }] }, 8192);
            Bench.Publish("1.1.0", [("deployment", "1.1.0", deployment), .. bringsFirmware ? new[] { ("clr", "1.17.0", firmware) } : []]);
            _victim.Withstands(ResultCode.NativesMismatch, images: 1);
        }

        [Fact]
        public void Wrong_software_for_another_board_is_refused()
        {
            Bench.Configure = o => o.Target = "ESP32_S3_ALL";
            _victim.Withstands(ResultCode.WrongTarget);
        }

        [Fact]
        public void Wrong_software_of_another_product_is_refused()
        {
            Bench.Configure = o => o.Product = "Washer";
            _victim.Publish("1.1.0", "\"name\":\"Dryer\",");
            _victim.Withstands(ResultCode.WrongProduct);
        }

        [Fact]
        public void Wrong_software_for_another_chip_is_found_in_the_first_block()
        {
            Bench.Publish("1.1.0", ("clr", "1.17.0", EspImageBuilder.Build(new EspImageSpec("1.17.0") { ChipId = 9 }, 400_000)));

            // Eight times, because what came may have been another file than the operator's.
            _victim.Withstands(ResultCode.WrongChip, images: 2);
        }

        [Fact]
        public void Wrong_software_under_the_right_name_is_found_by_its_own_version()
        {
            Bench.Publish("1.1.0", ("deployment", "1.1.0", Bench.Deployment("1.0.9")));
            _victim.Withstands(ResultCode.ImageVersionMismatch, images: 1);
        }

        [Fact]
        public void Fast_forward_of_the_counter_needs_more_than_a_manifest_that_is_not_applied()
        {
            _victim.Publish("1.1.0", $"\"counter\":{uint.MaxValue},");
            Bench.Server.Put(Victim.ImageUrl, Bench.Deployment("1.1.0", Victim.ImageLength, seed: 3));
            Bench.Run();
            _victim.IsUnharmed(ResultCode.HashMismatch);

            // Nor one that was activated and failed its trial.
            _victim.Publish("1.1.0", $"\"counter\":{uint.MaxValue},");
            Bench.SelfTest = SelfTestMode.Fail;
            Bench.Run();
            Assert.Equal((ResultCode.SelfTestFailed, "1.0.0"), (Bench.Status.LastCode, Bench.Status.Current));
            Bench.SelfTest = SelfTestMode.Pass;
            _victim.RecoversWith("1.2.0", "\"counter\":1,");
        }

        [Fact]
        public void Fast_forward_of_the_counter_that_was_applied_leaves_the_highest_counter_usable()
        {
            _victim.RecoversWith("1.2.0", $"\"counter\":{uint.MaxValue},");
            _victim.RecoversWith("1.3.0", $"\"counter\":{uint.MaxValue},");
            _victim.Publish("1.4.0", "\"counter\":0,");
            Bench.Request("1.4.0");
            Assert.Equal((ResultCode.CounterTooLow, "1.3.0"), (Bench.Status.LastCode, Bench.Status.Current));
        }

        [Fact]
        public void Replayed_offer_of_a_version_that_failed_is_not_tried_again()
        {
            Bench.SelfTest = SelfTestMode.Fail;
            Bench.Run();
            Assert.Equal((ResultCode.SelfTestFailed, 2), (Bench.Status.LastCode, Bench.Device!.Reboots));
            Bench.SelfTest = SelfTestMode.Pass;
            long bytes = Bench.Server.ImageBytesRead;
            for (int i = 0; i < 3; i++)
            {
                Bench.Run();
                Assert.Equal((ResultCode.SelfTestFailed, "1.0.0", 0, bytes), (Bench.Status.LastCode, Bench.Status.Current, Bench.Device!.Reboots, Bench.Server.ImageBytesRead));
            }

            _victim.RecoversWith("2.0.0");
        }

        [Fact]
        public void Replayed_offer_of_a_version_that_was_replaced_is_refused()
        {
            Bench.Run();
            _victim.RecoversWith("1.2.0");
            long bytes = Bench.Server.ImageBytesRead;
            Bench.Request("1.1.0");
            Assert.Equal((ResultCode.NotNewer, "1.2.0", 0, bytes), (Bench.Status.LastCode, Bench.Status.Current, Bench.Device!.Reboots, Bench.Server.ImageBytesRead));
        }

        [Fact]
        public void Replayed_offer_of_what_runs_does_nothing()
        {
            Bench.Run();
            long bytes = Bench.Server.BytesRead;
            Bench.Run();
            Assert.Equal((ResultCode.Applied, 0, 0, bytes), (Bench.Status.LastCode, Bench.Device!.Reboots, Bench.Device.StateWrites, Bench.Server.BytesRead));
        }
    }
}

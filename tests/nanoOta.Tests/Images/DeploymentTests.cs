using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tests.Images
{
    public class DeploymentTests
    {
        private static readonly AssemblySpec _core = new("mscorlib", new(1, 17, 11)) { NativeChecksum = 0x1549C856 };
        private static readonly AssemblySpec _text = Library("nanoFramework.System.Text", new(1, 3, 42), _core);
        private static readonly AssemblySpec _app = Library("Washer", new(2, 0, 1), _core, _text);

        [Theory]
        [InlineData("NFMRK1")]
        [InlineData("NFMRK2")]
        public void A_deployment_has_the_version_of_its_last_assembly(string marker)
        {
            Deployment read = Deployment.Read(DeploymentBuilder.Build([_core, _text, _app], 4096, 1, NanoAssemblyTests.Format(marker)));

            Assert.True(read.Sound, string.Join(" ", read.Checks.Where(c => !c.Ok)));
            Assert.Equal(["mscorlib", "nanoFramework.System.Text", "Washer"], read.Assemblies.Select(a => a.Name));
            Assert.Equal("Washer 2.0.1.0", read.Application!.ToString());
            Assert.Equal(4096, read.Length);
        }

        [Fact]
        public void The_size_is_met_exactly_from_the_least_one_on()
        {
            int least = DeploymentBuilder.MinimumSize([_core, _text, _app]);
            for (int size = least; size < least + 40; size += 4)
            {
                byte[] bytes = DeploymentBuilder.Build([_core, _text, _app], size, (ulong)size);
                Assert.Equal(size, bytes.Length);
                Assert.True(Deployment.Read(bytes).Sound);
            }

            Assert.Throws<ArgumentException>(() => DeploymentBuilder.Build([_core, _text, _app], least - 4));
            Assert.Throws<ArgumentException>(() => DeploymentBuilder.Build([_core, _text, _app], least + 2));
            Assert.Throws<ArgumentException>(() => DeploymentBuilder.Build([], 1000));
        }

        [Fact]
        public void The_seed_decides_the_body_and_nothing_else()
        {
            byte[] one = SampleImages.Deployment(new(1, 1), 8192, 1);
            Assert.Equal(one, SampleImages.Deployment(new(1, 1), 8192, 1));
            Assert.NotEqual(one, SampleImages.Deployment(new(1, 1), 8192, 2));
            Assert.Equal(Deployment.Read(one).Assemblies.Select(a => a.ToString()), Deployment.Read(SampleImages.Deployment(new(1, 1), 8192, 2)).Assemblies.Select(a => a.ToString()));
        }

        [Fact]
        public void A_missing_reference_is_named()
        {
            AssertFails([_core, _app], "References", "Washer 2.0.1.0: needs nanoFramework.System.Text 1.3.42.0, which is not there; on stock firmware the loader may have it.");
        }

        [Fact]
        public void References_are_met_by_major_and_minor_alone()
        {
            var newer = _text with { Version = new(1, 3, 99, 7) };
            Assert.True(Deployment.Read(Build(_core, newer, _app)).Sound);
            AssertFails([_core, _text with { Version = new(1, 4, 42) }, _app], "References", "needs nanoFramework.System.Text 1.3.42.0, which is not there");
        }

        [Fact]
        public void A_circle_of_references_is_never_resolved()
        {
            byte[] bytes = Build(_core, Library("nanoFramework.System.Text", _text.Version, _app), _app);
            ImageCheck[] failed = [.. Deployment.Read(bytes).Checks.Where(c => !c.Ok)];
            Assert.Equal(2, failed.Length);
            Assert.All(failed, c => Assert.Contains("which is itself not resolved", c.Sentence));
        }

        [Fact]
        public void The_same_assembly_twice_is_found()
        {
            AssertFails([_core, _core, _text, _app], "Duplicates", "mscorlib 1.17.11.0: an assembly of this name is there already");
        }

        [Fact]
        public void Two_generations_in_one_deployment_are_found()
        {
            byte[] mixed = [.. Build(_core, _text), .. DeploymentBuilder.Assembly(_app, 400, 0, AssemblyFormat.Nfmrk2)];
            AssertFails(mixed, "Generation", "marker NFMRK2 among NFMRK1");
        }

        [Fact]
        public void More_assemblies_than_the_CLR_has_room_for_are_found()
        {
            var many = Enumerable.Range(0, 64).Select(i => Library($"Library{i}", new(1, 0), _core));
            AssertFails([_core, .. many], "Trailing bytes", "another assembly; the CLR has room for 64");
        }

        [Theory]
        [InlineData(0xFF, 5000)]
        [InlineData(0x00, 3)]
        public void Padding_and_erased_flash_may_follow(byte filler, int count)
        {
            byte[] image = Build(_core, _text, _app);
            byte[] slot = [.. image, .. Enumerable.Repeat(filler, count)];
            Deployment read = Deployment.Read(slot);
            Assert.True(read.Sound);
            Assert.Equal(image.Length, read.Length);
        }

        [Fact]
        public void The_rest_of_an_older_and_longer_deployment_is_found_because_the_CLR_would_load_it()
        {
            byte[] slot = Build(_core, _text, _app);
            byte[] shorter = Build(_core, _text);
            byte[] stale = [.. shorter, 0xFF, 0xFF, 0xFF, 0xFF, .. slot.AsSpan(shorter.Length + 4)];
            AssertFails(stale, "Trailing bytes", "neither an assembly nor padding");
        }

        [Fact]
        public void A_damaged_body_is_found_with_its_assembly_and_the_rest_is_still_read()
        {
            byte[] bytes = Build(_core, _text, _app);
            int second = Deployment.Read(bytes).Assemblies[1].Offset;
            bytes[second + 130] ^= 1;
            AssertFails(bytes, "Body CRC", $"Offset 0x{second:X}: nanoFramework.System.Text 1.3.42.0: body CRC");
            Assert.Equal(3, Deployment.Read(bytes).Assemblies.Count);
        }

        [Fact]
        public void A_damaged_header_ends_the_reading_because_its_size_cannot_be_believed()
        {
            byte[] bytes = Build(_core, _text, _app);
            int second = Deployment.Read(bytes).Assemblies[1].Offset;
            bytes[second + 28] ^= 1;
            AssertFails(bytes, "Header CRC", $"Offset 0x{second:X}: nanoFramework.System.Text 0.3.42.0: header CRC");
            AssertFails(bytes, "Trailing bytes", $"Offset 0x{second:X}: what follows this header cannot be located.");
            Assert.Equal(2, Deployment.Read(bytes).Assemblies.Count);
        }

        [Fact]
        public void Native_checksums_are_compared_with_the_CLRs()
        {
            Deployment read = Deployment.Read(Build(_core, _text, _app));
            Assert.True(Natives(read, new NativeAssembly("mscorlib", 0x1549C856), new NativeAssembly("System.Math", 5)).Ok);
            Assert.Contains("0x1549C856, the CLR does not hold", Natives(read).Sentence);
            Assert.Contains("0x1549C856, the CLR 0x00000007", Natives(read, new NativeAssembly("mscorlib", 7)).Sentence);
            Assert.Contains("Washer 2.0.1.0 has native checksum 0x00000000, the CLR 0x00000009",
                Natives(read, new NativeAssembly("mscorlib", 0x1549C856), new NativeAssembly("Washer", 9)).Sentence);
        }

        private static ImageCheck Natives(Deployment deployment, params NativeAssembly[] natives)
        {
            return Assert.Single(deployment.CheckNatives(NativesDescriptor.Read(NativesDescriptor.Write(natives), out _)!));
        }

        private static AssemblySpec Library(string name, AssemblyVersion version, params AssemblySpec[] needs)
        {
            return new AssemblySpec(name, version) { References = [.. needs.Select(n => new AssemblyReference(n.Name, n.Version))] };
        }

        private static byte[] Build(params AssemblySpec[] specs)
        {
            return DeploymentBuilder.Build(specs, DeploymentBuilder.MinimumSize(specs) + 64);
        }

        private static void AssertFails(AssemblySpec[] specs, string check, string sentence)
        {
            AssertFails(Build(specs), check, sentence);
        }

        private static void AssertFails(byte[] bytes, string check, string sentence)
        {
            ImageCheck failed = Assert.Single(Deployment.Read(bytes).Checks, c => !c.Ok && c.Name == check);
            Assert.Contains(sentence, failed.Sentence);
        }
    }
}

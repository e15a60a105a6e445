using FsCheck;
using FsCheck.Fluent;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tests.Images
{
    /// <summary>Nothing that is read may throw, whatever the bytes; a failing case shows its seed or its bytes.</summary>
    public class HostileBytesTests
    {
        private static readonly byte[][] _magics =
        [
            [], [0xE9, 2], [0x3D, 0xB8, 0xF3, 0x96], [0xAA, 0x50], [.. "NFMRK1\0\0"u8], [.. "NFMRK2\0\0"u8], [.. "a,data,"u8], [.. "{\"kty\":"u8], [.. "eyJhbGciOiJSUzI1NiJ9."u8],
        ];

        [Fact]
        public void Random_bytes_behind_any_magic_never_throw_and_are_never_sound()
        {
            var files = from magic in Gen.Elements(_magics)
                        from rest in ArbMap.Default.GeneratorFor<byte[]>()
                        select magic.Concat(rest).ToArray();
            Prop.ForAll(files.Resize(400).ToArbitrary(), bytes => !ImageFile.Identify(bytes).Sound).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
        }

        [Theory]
        [MemberData(nameof(DamageTests.Names), MemberType = typeof(DamageTests))]
        public void A_sample_with_random_damage_never_throws(string name)
        {
            for (int seed = 0; seed < 1000; seed++)
            {
                var random = new Random(seed);
                byte[] bytes = [.. SampleFile.All[name].Bytes];
                Damage(bytes, random);
                ImageFile.Identify(bytes.AsSpan(0, random.Next(2) == 0 ? bytes.Length : random.Next(bytes.Length + 1)));
            }
        }

        [Theory]
        [InlineData("NFMRK1")]
        [InlineData("NFMRK2")]
        public void An_assembly_damaged_by_someone_who_repairs_the_CRCs_never_throws(string marker)
        {
            var spec = new AssemblySpec("Washer", new(1, 0)) { References = [new("mscorlib", new(1, 17)), new("Drum", new(1, 0))] };
            int faults = 0;
            for (int seed = 0; seed < 5000; seed++)
            {
                var random = new Random(seed);
                byte[] bytes = DeploymentBuilder.Assembly(spec, 240, 0, NanoAssemblyTests.Format(marker));
                int header = NanoAssemblyTests.Format(marker).HeaderSize;
                Damage(bytes.AsSpan(20, header), random);
                NanoAssemblyTests.Repair(bytes);
                faults += NanoAssembly.Read(bytes)!.Faults.Count;
                ImageFile.Identify(bytes);
            }

            Assert.True(faults > 1000, $"only {faults} faults: the damage does not reach the tables");
        }

        [Fact]
        public void A_partition_table_in_csv_of_random_words_never_throws()
        {
            string[] words = ["a", "nvs", "data", "app", "ota_0", "0x84", "0x9000", "4K", "1M", "-1", "0xFFFFFFFF", "4294967295M", "", " ", "#", "\n", "\n", ",", ",", ",", ",", "encrypted:readonly", "\"", "\u001b", "ü"];
            for (int seed = 0; seed < 3000; seed++)
            {
                var random = new Random(seed);
                PartitionTableFile file = PartitionTableFile.FromCsv(string.Concat(random.GetItems(words, random.Next(80))));
                file.Report();
                file.Table.Check(0x400000);
            }
        }

        [Fact]
        public void Random_signatures_never_throw()
        {
            string key = File.ReadAllText(Vectors.PathOf("mcuboot-ecdsa-public.pem"));
            byte[] sound = Vectors.Read("mcuboot-1.2.3+4-ecdsa-h400.bin");
            for (int seed = 0; seed < 1000; seed++)
            {
                byte[] bytes = [.. sound];
                Damage(bytes.AsSpan(0x400 + 3000), new Random(seed));
                Assert.True(bytes.AsSpan().SequenceEqual(sound) || !McubootImage.Read(bytes, key).Sound, $"seed {seed}");
            }
        }

        /// <summary>One to eight changes: a random byte, an extreme byte or an extreme word.</summary>
        private static void Damage(Span<byte> bytes, Random random)
        {
            for (int i = random.Next(1, 9); i > 0; i--)
            {
                int at = random.Next(bytes.Length - 3);
                switch (random.Next(3))
                {
                    case 0:
                        bytes[at] ^= (byte)random.Next(1, 256);
                        break;
                    case 1:
                        bytes[at] = bytes[at] == 0xFF ? (byte)0 : (byte)0xFF;
                        break;
                    default:
                        bytes[at..(at + 4)].Fill(0xFF);
                        break;
                }
            }
        }
    }
}

using System.Buffers.Binary;
using System.IO.Compression;
using nanoOta.Packages;
using nanoOta.Tests.Documents;

namespace nanoOta.Tests.Packages
{
    public sealed class PackerTests : IDisposable
    {
        private const uint Checksum = 0x0BADF00D;

        private static readonly Repository _repository = new(Checkout.Root, Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(AppContext.BaseDirectory))!));
        private static readonly DeviceProject _native = _repository.Find("nanoOta.Native");

        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

        public void Dispose()
        {
            _folder.Delete(true);
        }

        [Fact]
        public void A_package_is_made_of_what_was_built_and_is_looked_into()
        {
            IReadOnlyDictionary<string, string>? needed = null;
            Packer packer = new(_repository, (assembly, references) =>
            {
                needed = references;
                Convert(assembly, Checksum);
            });

            string file = packer.Pack(_native, _folder.FullName);

            Assert.Equal($"nanoOta.Native.{_repository.Version}.nupkg", Path.GetFileName(file));
            Assert.Equal(["mscorlib", "nanoOta"], needed!.Keys.Where(name => name is "mscorlib" or "nanoOta"));
            Assert.All(needed.Values, path => Assert.True(File.Exists(path), path));
            using ZipArchive package = ZipFile.OpenRead(file);
            using StreamReader specification = new(package.GetEntry("nanoOta.Native.nuspec")!.Open());
            Assert.Contains("requires a target with nanoOta.Native v100.0.0.4 (checksum 0x0BADF00D).", specification.ReadToEnd());
        }

        [Theory]
        [InlineData(0u, "it has an AssemblyNativeVersion and calls no native code")]
        [InlineData(null, "no assembly of nanoFramework 1.x")]
        public void What_the_metadata_processor_must_not_have_made_is_no_package(uint? checksum, string fault)
        {
            Packer packer = new(_repository, (assembly, _) => Convert(assembly, checksum));
            InvalidDataException refusal = Assert.Throws<InvalidDataException>(() => packer.Pack(_native, _folder.FullName));
            Assert.EndsWith(fault, refusal.Message);
        }

        [Fact]
        public void A_metadata_processor_that_makes_nothing_is_said_to()
        {
            Packer packer = new(_repository, (_, _) => { });
            InvalidDataException refusal = Assert.Throws<InvalidDataException>(() => packer.Pack(_native, _folder.FullName));
            Assert.Equal("the metadata processor made no nanoOta.Native.pe", refusal.Message);
        }

        [Fact]
        public void What_a_failing_command_printed_is_passed_on()
        {
            InvalidDataException refusal = Assert.Throws<InvalidDataException>(() => Packer.Run("dotnet", "exec", "no-such-file.dll"));
            Assert.StartsWith("dotnet failed:\n", refusal.Message.ReplaceLineEndings("\n"));
            Assert.Contains("no-such-file.dll", refusal.Message);
        }

        [Theory]
        [InlineData("", "")]
        [InlineData("without lib/nanoOta.Native.pdbx", "lib/nanoOta.Native.pdbx is missing")]
        [InlineData("without LICENSE.md", "LICENSE.md is missing")]
        [InlineData("without nanoOta.Native.nuspec", "nanoOta.Native.nuspec is missing")]
        [InlineData("with lib/mscorlib.dll", "lib/mscorlib.dll does not belong there")]
        [InlineData("without lib/netnano1.0/nanoOta.Native.pe", "lib/netnano1.0/nanoOta.Native.pe is missing")]
        [InlineData("other lib/nanoOta.Native.dll", "lib/nanoOta.Native.dll is not the assembly that was built and tested")]
        [InlineData("other lib/netnano1.0/nanoOta.Native.dll", "lib/netnano1.0/nanoOta.Native.dll is not the assembly that was built and tested")]
        [InlineData("<version>", "it is nanoOta.Native 9.9.9, not nanoOta.Native ")]
        [InlineData("1.17.11", "it does not depend on nanoFramework.CoreLibrary 1.17.11; it depends on nanoFramework.CoreLibrary 9.9.9")]
        [InlineData("v100.0.0.4", "its description does not name native version 100.0.0.4 and checksum 0x0BADF00D")]
        [InlineData("0x0BADF00D", "its description does not name native version 100.0.0.4 and checksum 0x0BADF00D")]
        public void What_is_wrong_with_a_package_is_seen(string damage, string faults)
        {
            string file = new Packer(_repository, (assembly, _) => Convert(assembly, Checksum)).Pack(_native, _folder.FullName);
            Damage(file, damage);
            using FileStream package = File.OpenRead(file);
            string found = string.Join("; ", PackageCheck.Faults(_repository, _native, package));
            Assert.StartsWith(faults, found);
            Assert.Equal(faults.Length == 0, found.Length == 0);
        }

        private static void Damage(string file, string damage)
        {
            using ZipArchive package = ZipFile.Open(file, ZipArchiveMode.Update);
            switch (damage.Split(' '))
            {
                case [""]:
                    break;
                case ["without", var name]:
                    package.GetEntry(name)!.Delete();
                    break;
                case ["with", var name]:
                    package.CreateEntry(name);
                    break;
                case ["other", var name]:
                    using (Stream assembly = package.GetEntry(name)!.Open())
                    {
                        assembly.WriteByte(0);
                    }

                    break;
                default:
                    Rewrite(package.GetEntry("nanoOta.Native.nuspec")!, text => damage == "<version>"
                        ? text.Replace($"<version>{_repository.Version}<", "<version>9.9.9<")
                        : text.Replace(damage, "9.9.9"));
                    break;
            }
        }

        private static void Rewrite(ZipArchiveEntry entry, Func<string, string> change)
        {
            using Stream stream = entry.Open();
            string text = new StreamReader(stream).ReadToEnd();
            Assert.NotEqual(text, change(text));
            stream.SetLength(0);
            StreamWriter writer = new(stream);
            writer.Write(change(text));
            writer.Flush();
        }

        // As much of an image as is looked at; without a checksum not even that.
        private static void Convert(string assembly, uint? checksum)
        {
            byte[] image = new byte[124];
            "NFMRK1"u8.CopyTo(image);
            if (checksum is { } value)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(20), value);
            }
            else
            {
                image[0] = 0;
            }

            File.WriteAllBytes(Path.ChangeExtension(assembly, ".pe"), image);
            File.WriteAllText(Path.ChangeExtension(assembly, ".pdbx"), "<PdbxFile />");
        }
    }
}

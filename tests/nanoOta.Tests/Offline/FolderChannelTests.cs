using System.Formats.Tar;
using nanoOta.Tests.Signing;
using nanoOta.VirtualDevice;

namespace nanoOta.Tests.Offline
{
    public class FolderChannelTests
    {
        private const int Seconds = 60;

        private readonly byte[] _image = [.. Enumerable.Range(0, 5000).Select(i => (byte)i)];
        private readonly Drive _drive = new();
        private readonly UpdateAgentOptions _options = HostOptions.Create();
        private readonly FolderChannel _channel;
        private long _now;

        public FolderChannelTests()
        {
            _channel = new FolderChannel(_options, Drive.Folder, Seconds);
        }

        [Fact]
        public void The_newest_of_bundles_and_manifests_is_offered()
        {
            _drive.Put("v1_9_0.json", Drive.Manifest("1.9.0", _image));
            _drive.Put("washer.tar", Drive.Bundle("1.10.0", _image));
            _drive.Put("old.tar", Drive.Bundle("1.2.0", _image));
            Assert.Equal("http://drive/washer.tar/v1_10_0.json", Look()!.Url);
            Assert.Equal(Drive.Manifest("1.10.0", _image), _channel.Offer!.Document);
            Assert.Equal(System.Security.Cryptography.SHA256.HashData(_channel.Offer.Document), _channel.Offer.Digest);
            Assert.True(_channel.Offer.Manual);
            _drive.Put("v1_10_1-rc_1.json", Drive.Manifest("1.10.1-rc.1", _image));
            Assert.Equal("http://drive/v1_10_1-rc_1.json", Look()!.Url);
        }

        [Fact]
        public void A_bundle_that_was_not_copied_to_its_end_does_not_hide_another()
        {
            byte[] whole = Drive.Bundle("1.5.0", _image);
            _drive.Put("v1_4_0.json", Drive.Manifest("1.4.0", _image));
            _drive.Put("a.tar", whole[..600]);
            Assert.Equal("http://drive/v1_4_0.json", Look()!.Url);
            Assert.Equal(1, _channel.Answers);
            _drive.Put("a.tar", whole);
            Assert.Equal("http://drive/a.tar/v1_5_0.json", Look()!.Url);
        }

        [Fact]
        public void With_keys_only_signed_manifests_count()
        {
            _drive.Put("v2_0_0.json", [1]);
            _drive.Put("plain.tar", Drive.Bundle("3.0.0", _image));
            _drive.Put("signed.tar", Drive.Tar(TarEntryFormat.Ustar, ("v1_1_0.json", [1]), ("v1_1_0.jws", [2, 3])));
            _options.Verifier = new Believer();
            Assert.Equal("http://drive/signed.tar/v1_1_0.jws", Look()!.Url);
            Assert.Equal([2, 3], _channel.Offer!.Document);
        }

        [Fact]
        public void A_drive_without_an_update_withdraws_the_request_and_no_drive_does_not()
        {
            _drive.Put("v1_1_0.json", Drive.Manifest("1.1.0", _image));
            Assert.NotNull(Look());
            int answers = _channel.Answers;
            _drive.Files.RemoveDrive("D:");
            UpdateOffer? before = _channel.Offer;
            Assert.Same(before, Look());
            Assert.Equal(answers, _channel.Answers);
            _drive.Files.InsertDrive("D:");
            _drive.Delete("v1_1_0.json");
            Assert.Null(Look());
            Assert.Equal(answers + 1, _channel.Answers);
        }

        [Fact]
        public void The_same_update_stays_the_same_from_look_to_look()
        {
            _drive.Put("washer.tar", Drive.Bundle("1.1.0", _image));
            UpdateOffer first = Look()!;
            Assert.True(first.IsSameUpdate(Look()));
            _drive.Put("washer.tar", Drive.Bundle("1.1.0", [1, 2, 3]));
            Assert.False(first.IsSameUpdate(Look()));
        }

        [Fact]
        public void It_looks_at_the_interval_and_at_once_when_it_is_asked()
        {
            Assert.Equal(60_000, _channel.Step(0));
            _drive.Put("v1_1_0.json", Drive.Manifest("1.1.0", _image));
            Assert.Equal(60_000, _channel.Step(59_999));
            Assert.Null(_channel.Offer);
            _channel.CheckNow();
            _channel.Step(59_999);
            Assert.NotNull(_channel.Offer);
            Assert.Equal(119_999, _channel.Step(60_000));
        }

        [Theory]
        [InlineData(0)]
        [InlineData(511)]
        [InlineData(700)]
        public void A_bundle_that_cannot_be_read_is_told_from_none(int length)
        {
            _drive.Put("washer.tar", Drive.Bundle("1.1.0", _image)[..length]);
            UpdateOffer? offer = Look();
            if (length == 0)
            {
                Assert.Null(offer);
            }
            else if (length < 512)
            {
                Assert.Equal(ResultCode.OfferMalformed, offer!.Code);
            }
            else
            {
                // It is being copied: the next look is soon.
                Assert.Null(offer);
                Assert.Equal((0, _now + 5000), (_channel.Answers, _channel.Step(_now)));
            }
        }

        [Fact]
        public void A_damaged_bundle_beside_a_good_one_is_passed_over()
        {
            _drive.Put("a.tar", new byte[2000].Select(_ => (byte)0x55).ToArray());
            _drive.Put("b.tar", Drive.Bundle("1.1.0", _image));
            Assert.Equal("http://drive/b.tar/v1_1_0.json", Look()!.Url);
        }

        [Theory]
        [InlineData(".v1_1_0.json")]
        [InlineData("._washer.tar")]
        [InlineData("v1_1_0.json.part")]
        [InlineData("1_1_0.json")]
        [InlineData("v.json")]
        [InlineData("vone.json")]
        [InlineData("v1_1_0 copy.json")]
        [InlineData("my washer.tar")]
        public void A_file_of_another_name_is_not_looked_at(string name)
        {
            _drive.Put(name, name.EndsWith(".tar", StringComparison.Ordinal) ? Drive.Bundle("1.1.0", _image) : Drive.Manifest("1.1.0", _image));
            Assert.Null(Look());
        }

        [Fact]
        public void Of_a_drive_with_too_many_files_the_rest_is_not_looked_at()
        {
            for (int i = 0; i < 64; i++)
            {
                _drive.Put($"a{i:d2}", [1]);
            }

            _drive.Put("v1_1_0.json", Drive.Manifest("1.1.0", _image));
            Assert.Null(Look());
            _drive.Delete("a00");
            Assert.NotNull(Look());
        }

        [Fact]
        public void A_manifest_that_is_too_long_is_read_no_further_than_to_know_it()
        {
            _drive.Put("v1_1_0.json", new byte[100_000]);
            Assert.Equal(UpdateManifest.MaxLength + 1, Look()!.Document.Length);
        }

        private UpdateOffer? Look()
        {
            _now += Seconds * 1000;
            _channel.Step(_now);
            return _channel.Offer;
        }
    }
}

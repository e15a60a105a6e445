using System.Text;
using nanoOta.Tests.Devices;
using nanoOta.VirtualDevice;
using HostSha256 = System.Security.Cryptography.SHA256;

namespace nanoOta.Tests.Signing
{
    /// <summary>Signed plain offers on a virtual device, with the agent that ships.</summary>
    public class SignedUpdateTests
    {
        private static readonly TestKey _a = TestKey.Of("a", 2048, 3);
        private static readonly TestKey _b = TestKey.Of("b", 2048, 3);
        private static readonly TestKey _c = TestKey.Of("c", 2048, 3);

        private readonly MemoryKeyStore _store = new();
        private readonly List<string> _asked = [];
        private readonly Bench _bench;

        public SignedUpdateTests()
        {
            _bench = new Bench { Configure = options => options.Verifier = new SignedManifests(options, [_a.Public], _store) };
            _bench.Server.OnOpen = (url, _) =>
            {
                _asked.Add(url[(url.LastIndexOf('/') + 1)..]);
                return ResultCode.None;
            };
        }

        [Fact]
        public void A_signed_update_is_applied_and_the_unsigned_manifest_not_even_asked_for()
        {
            Publish("1.1.0", _a);
            Assert.Equal((RunEnd.Settled, ResultCode.Applied, "1.1.0"), (_bench.Request("1.1.0"), _bench.Status.LastCode, _bench.Status.Current));
            Assert.Equal(["keys.jws", "v1_1_0.jws", "v1_1_0.deployment.bin"], _asked);
        }

        [Fact]
        public void A_signed_update_needs_no_tls()
        {
            Publish("1.1.0", _a);
            foreach (string name in new[] { "v1_1_0.jws", "v1_1_0.deployment.bin" })
            {
                _bench.Server.Put("http://files.example/firmware/" + name, Fetch(name));
            }

            _bench.Desired = """{"updateVersion":"1.1.0","updateUrl":"http://files.example/firmware"}""";
            _bench.Run();
            Assert.Equal((ResultCode.Applied, "1.1.0"), (_bench.Status.LastCode, _bench.Status.Current));
        }

        [Fact]
        public void Without_a_store_no_list_of_keys_is_asked_for()
        {
            _bench.Configure = options => options.Verifier = new SignedManifests(options, [_a.Public], null);
            Publish("1.1.0", _a);
            _bench.Request("1.1.0");
            Assert.Equal(["v1_1_0.jws", "v1_1_0.deployment.bin"], _asked);
            Assert.Equal(ResultCode.Applied, _bench.Status.LastCode);
        }

        [Fact]
        public void An_update_that_is_only_there_unsigned_is_not_found()
        {
            _bench.Publish("1.1.0", ("deployment", "1.1.0", Bench.Deployment("1.1.0")));
            Refused(ResultCode.NotFound);
            Assert.DoesNotContain("v1_1_0.json", _asked);
        }

        [Fact]
        public void An_inline_update_of_the_twin_is_refused_because_nobody_signed_it()
        {
            _bench.Publish("1.1.0", ("deployment", "1.1.0", Bench.Deployment("1.1.0")));
            byte[] image = Bench.Deployment("1.1.0");
            string hash = Convert.ToHexStringLower(HostSha256.HashData(image));
            _bench.Desired = $$$"""{"update":{"version":"1.1.0","url":"{{{Bench.Container}}}v1_1_0.deployment.bin","size":{{{image.Length}}},"sha256":"{{{hash}}}"}}""";
            _bench.Run();
            Assert.Equal((ResultCode.SignatureMissing, "1.0.0"), (_bench.Status.LastCode, _bench.Status.Current));
        }

        [Fact]
        public void A_manifest_that_a_channel_has_found_signed_is_taken()
        {
            byte[] image = Bench.Deployment("1.1.0");
            _bench.Server.Put(Bench.Container + "x.bin", image);
            string hash = Convert.ToHexStringLower(HostSha256.HashData(image));
            byte[] text = Encoding.UTF8.GetBytes($$"""{"schema":1,"version":"1.1.0","components":[{"id":"deployment","version":"1.1.0","size":{{image.Length}},"sha256":"{{hash}}","urls":["x.bin"]}]}""");
            ManifestReader.Read(text, 0, text.Length, out UpdateManifest manifest);
            foreach (bool signed in new[] { false, true })
            {
                var offer = new UpdateOffer { Url = Bench.Container, Manifest = manifest, Digest = HostSha256.HashData(text), IsSigned = signed };
                _bench.OtherChannel = new OfferChannel { Desired = _ => null, Offered = offer };
                _bench.Run();
                Assert.Equal(signed ? ResultCode.Applied : ResultCode.SignatureMissing, _bench.Status.LastCode);
            }
        }

        [Fact]
        public void A_manifest_changed_after_signing_is_refused()
        {
            Publish("1.1.0", _a);
            string[] parts = Encoding.ASCII.GetString(Fetch("v1_1_0.jws")).Split('.');
            string manifest = Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(parts[1])).Replace("deployment.bin", "deployment.bad");
            Put("v1_1_0.jws", $"{parts[0]}.{TestKey.Text(Encoding.UTF8.GetBytes(manifest))}.{parts[2]}");
            Refused(ResultCode.SignatureInvalid);
            Assert.DoesNotContain("v1_1_0.deployment.bin", _asked);
        }

        [Fact]
        public void An_image_changed_after_signing_is_refused_by_its_hash()
        {
            Publish("1.1.0", _a);
            _bench.Server.Put(Bench.Container + "v1_1_0.deployment.bin", Bench.Deployment("1.1.0", 20000, 7));
            Refused(ResultCode.HashMismatch);
        }

        [Theory]
        [InlineData("""{"alg":"none","kid":"a"}""", ResultCode.AlgorithmRefused)]
        [InlineData("""{"alg":"HS256","kid":"a"}""", ResultCode.AlgorithmRefused)]
        [InlineData("""{"alg":"RS512","kid":"a"}""", ResultCode.AlgorithmRefused)]
        [InlineData("""{"kid":"a"}""", ResultCode.AlgorithmRefused)]
        [InlineData("""{"alg":"RS256","kid":"a","crit":["exp"]}""", ResultCode.CriticalHeader)]
        [InlineData("""{"alg":"RS256","kid":"z"}""", ResultCode.KeyUnknown)]
        [InlineData("""{"alg":"RS256"}""", ResultCode.KeyUnknown)]
        public void A_header_that_is_not_as_it_should_be_is_refused(string header, ResultCode code)
        {
            Publish("1.1.0", _a, header);
            Refused(code);
        }

        [Fact]
        public void A_plain_manifest_under_the_signed_one_s_name_is_refused()
        {
            _bench.Publish("1.1.0", ("deployment", "1.1.0", Bench.Deployment("1.1.0")));
            _bench.Server.Put(Bench.Container + "v1_1_0.jws", Fetch("v1_1_0.json"));
            Refused(ResultCode.SignatureMalformed);
        }

        [Fact]
        public void A_signed_text_that_is_no_manifest_is_refused()
        {
            Put("v1_1_0.jws", _a.Jws("{}x"));
            Refused(ResultCode.ManifestMalformed);
            Put("v1_1_0.jws", _a.Jws("[]"));
            Refused(ResultCode.ManifestMalformed);
        }

        [Fact]
        public void A_jws_longer_than_the_buffer_is_refused_before_it_is_read()
        {
            Put("v1_1_0.jws", _a.Jws(new string(' ', 4000)));
            Refused(ResultCode.ManifestTooLarge);
        }

        [Fact]
        public void Another_version_s_signed_manifest_is_refused()
        {
            Publish("1.2.0", _a);
            _bench.Server.Put(Bench.Container + "v1_1_0.jws", Fetch("v1_2_0.jws"));
            Refused(ResultCode.ManifestVersionMismatch);
        }

        [Fact]
        public void A_list_of_keys_adds_a_key_and_retires_one_across_reboots()
        {
            Publish("1.1.0", _b);
            Put("keys.jws", _a.Jws(VerifierTests.List(1, _a, _b)));
            _bench.Request("1.1.0");
            Assert.Equal((ResultCode.Applied, "1.1.0", 1), (_bench.Status.LastCode, _bench.Status.Current, _store.Writes));

            Publish("1.2.0", _b);
            Put("keys.jws", _b.Jws(VerifierTests.List(2, _b, _c)));
            _bench.Request("1.2.0");
            Assert.Equal((ResultCode.Applied, "1.2.0", 2), (_bench.Status.LastCode, _bench.Status.Current, _store.Writes));

            // Without the list in sight, what it said still holds.
            _bench.Server.Remove(Bench.Container + "keys.jws");
            Publish("1.3.0", _a);
            _bench.Request("1.3.0");
            Assert.Equal((ResultCode.KeyUnknown, "1.2.0"), (_bench.Status.LastCode, _bench.Status.Current));
            Publish("1.4.0", _c);
            _bench.Request("1.4.0");
            Assert.Equal((ResultCode.Applied, "1.4.0"), (_bench.Status.LastCode, _bench.Status.Current));
        }

        [Fact]
        public void A_key_that_the_list_beside_the_manifest_retires_is_refused_at_once()
        {
            Publish("1.1.0", _a);
            Put("keys.jws", _a.Jws(VerifierTests.List(1, _b)));
            Refused(ResultCode.KeyUnknown);
        }

        [Fact]
        public void An_older_list_of_keys_is_refused_and_nothing_of_it_followed()
        {
            Publish("1.1.0", _b);
            Put("keys.jws", _a.Jws(VerifierTests.List(5, _b)));
            _bench.Request("1.1.0");
            Publish("1.2.0", _a);
            Put("keys.jws", _a.Jws(VerifierTests.List(4, _a)));
            _bench.Request("1.2.0");
            Assert.Equal((ResultCode.KeyListTooOld, "1.1.0"), (_bench.Status.LastCode, _bench.Status.Current));
            _bench.Server.Remove(Bench.Container + "keys.jws");
            _bench.Request("1.2.0");
            Assert.Equal((ResultCode.KeyUnknown, "1.1.0"), (_bench.Status.LastCode, _bench.Status.Current));
        }

        [Fact]
        public void A_list_of_keys_that_leaves_none_is_refused()
        {
            Publish("1.1.0", _a);
            Put("keys.jws", _a.Jws("""{"version":1,"keys":[]}"""));
            Refused(ResultCode.KeyListMalformed);
        }

        [Fact]
        public void A_list_of_keys_that_cannot_be_stored_is_told()
        {
            _store.Fails = true;
            Publish("1.1.0", _b);
            Put("keys.jws", _a.Jws(VerifierTests.List(1, _b)));
            Refused(ResultCode.KeyStoreFailed);
        }

        [Fact]
        public void A_server_that_denies_access_to_what_is_not_there_is_as_good_as_one_that_says_so()
        {
            Publish("1.1.0", _a);
            _bench.Server.OnOpen = (url, _) => url.EndsWith("keys.jws") ? ResultCode.AccessDenied : ResultCode.None;
            _bench.Request("1.1.0");
            Assert.Equal(ResultCode.Applied, _bench.Status.LastCode);
        }

        [Fact]
        public void A_list_of_keys_that_cannot_be_fetched_just_now_is_waited_for()
        {
            int failures = 3;
            Publish("1.1.0", _b);
            Put("keys.jws", _a.Jws(VerifierTests.List(1, _b)));
            _bench.Server.OnOpen = (url, _) => url.EndsWith("keys.jws") && failures-- > 0 ? ResultCode.ServerBusy : ResultCode.None;
            _bench.Request("1.1.0");
            Assert.Equal((ResultCode.Applied, "1.1.0"), (_bench.Status.LastCode, _bench.Status.Current));
        }

        [Fact]
        public void A_signed_manifest_of_the_channel_without_a_cloud_is_verified_too()
        {
            Publish("1.1.0", _b);
            Put("keys.jws", _a.Jws(VerifierTests.List(1, _b)));
            HttpOffer(Fetch("v1_1_0.jws"));
            Assert.Equal((ResultCode.Applied, "1.1.0"), (_bench.Status.LastCode, _bench.Status.Current));
            _bench.Publish("1.2.0", ("deployment", "1.2.0", Bench.Deployment("1.2.0")));
            HttpOffer(Fetch("v1_2_0.json"));
            Assert.Equal((ResultCode.SignatureMalformed, "1.1.0"), (_bench.Status.LastCode, _bench.Status.Current));
        }

        private void HttpOffer(byte[] document)
        {
            byte[] before = (byte[])document.Clone();
            var offer = new UpdateOffer { Url = Bench.Container + "washer.jws", Document = document, Digest = HostSha256.HashData(document) };
            _bench.OtherChannel = new OfferChannel { Desired = _ => null, Offered = offer };
            _bench.Run();
            Assert.Equal(before, document);
        }

        private void Refused(ResultCode code)
        {
            Assert.Equal(RunEnd.Settled, _bench.Request("1.1.0"));
            Assert.Equal((code, "1.0.0", UpdateState.Idle, 0), (_bench.Status.LastCode, _bench.Status.Current, _bench.Status.State, _bench.Device!.Reboots));
        }

        private void Publish(string version, TestKey key, string? header = null)
        {
            _bench.Publish(version, ("deployment", version, Bench.Deployment(version)));
            string stem = SemanticVersion.Parse(version).FileStem;
            Put(stem + ".jws", key.Jws(Encoding.UTF8.GetString(Fetch(stem + ".json")), header));
            _bench.Server.Remove(Bench.Container + stem + ".json");
        }

        private void Put(string name, string text)
        {
            _bench.Server.Put(Bench.Container + name, Encoding.ASCII.GetBytes(text));
        }

        private byte[] Fetch(string name)
        {
            return _bench.Server.Get(Bench.Container + name)!;
        }
    }
}

using System.Text;
using nanoOta.VirtualDevice;

namespace nanoOta.Tests.Signing
{
    /// <summary>The verifier of manifests and lists of keys, by the texts it is given.</summary>
    public class VerifierTests
    {
        private const string Payload = """{"schema":1}""";
        private static readonly TestKey _a = TestKey.Of("a", 2048, 3);
        private static readonly TestKey _b = TestKey.Of("b", 2048, 3);
        private static readonly TestKey _c = TestKey.Of("c", 2048, 3);

        private readonly MemoryKeyStore _store = new();

        [Fact]
        public void A_signed_text_is_accepted_and_its_payload_handed_over()
        {
            Assert.Equal((ResultCode.None, Payload), Verify(Verifier(), _a.Jws(Payload)));
            Assert.Equal((ResultCode.None, Payload), Verify(new SignedManifests(HostOptions.Create(), [_b.Public, _a.Public], null), _a.Jws(Payload)));
            Assert.Equal((ResultCode.None, ""), Verify(Verifier(), _a.Jws("")));
        }

        [Theory]
        [InlineData("""{"alg":"none","kid":"a"}""", ResultCode.AlgorithmRefused)]
        [InlineData("""{"alg":"None","kid":"a"}""", ResultCode.AlgorithmRefused)]
        [InlineData("""{"alg":"HS256","kid":"a"}""", ResultCode.AlgorithmRefused)]
        [InlineData("""{"alg":"RS384","kid":"a"}""", ResultCode.AlgorithmRefused)]
        [InlineData("""{"alg":"RS512","kid":"a"}""", ResultCode.AlgorithmRefused)]
        [InlineData("""{"alg":"PS256","kid":"a"}""", ResultCode.AlgorithmRefused)]
        [InlineData("""{"alg":"ES256","kid":"a"}""", ResultCode.AlgorithmRefused)]
        [InlineData("""{"alg":"rs256","kid":"a"}""", ResultCode.AlgorithmRefused)]
        [InlineData("""{"alg":["RS256"],"kid":"a"}""", ResultCode.AlgorithmRefused)]
        [InlineData("""{"alg":null,"kid":"a"}""", ResultCode.AlgorithmRefused)]
        [InlineData("""{"kid":"a"}""", ResultCode.AlgorithmRefused)]
        [InlineData("""{"alg":"RS256","kid":"a","crit":["exp"],"exp":1}""", ResultCode.CriticalHeader)]
        [InlineData("""{"alg":"RS256","kid":"a","crit":[]}""", ResultCode.CriticalHeader)]
        [InlineData("""{"alg":"RS256","kid":"a","b64":false,"crit":["b64"]}""", ResultCode.CriticalHeader)]
        [InlineData("""{"alg":"RS256","kid":"b"}""", ResultCode.KeyUnknown)]
        [InlineData("""{"alg":"RS256","kid":"A"}""", ResultCode.KeyUnknown)]
        [InlineData("""{"alg":"RS256","kid":""}""", ResultCode.KeyUnknown)]
        [InlineData("""{"alg":"RS256"}""", ResultCode.KeyUnknown)]
        [InlineData("""{"alg":"RS256","kid":1}""", ResultCode.SignatureMalformed)]
        [InlineData("""{"alg":"RS256","kid":null}""", ResultCode.SignatureMalformed)]
        [InlineData("""{"alg":"RS256","alg":"RS256","kid":"a"}""", ResultCode.SignatureMalformed)]
        [InlineData("""{"alg":"RS256","kid":"b","kid":"a"}""", ResultCode.SignatureMalformed)]
        [InlineData("""{"alg":"RS256","kid":"a"}x""", ResultCode.SignatureMalformed)]
        [InlineData("""{"alg":"RS256","kid":"a" """, ResultCode.SignatureMalformed)]
        [InlineData("""["RS256","a"]""", ResultCode.SignatureMalformed)]
        [InlineData("", ResultCode.SignatureMalformed)]
        public void A_header_that_is_not_as_it_should_be_is_refused_though_the_signature_holds(string header, ResultCode code)
        {
            Assert.Equal(code, Verify(Verifier(), _a.Jws(Payload, header)).Code);
        }

        [Theory]
        [InlineData("""{"typ":"JWT","alg":"RS256","kid":"a","jwk":{"kty":"RSA"},"jku":"https://evil.example/"}""")]
        [InlineData("""{ "kid" : "a" , "alg" : "RS256" }""")]
        public void Header_members_that_are_not_understood_are_passed_over(string header)
        {
            Assert.Equal(ResultCode.None, Verify(Verifier(), _a.Jws(Payload, header)).Code);
        }

        public static TheoryData<string> Forms => [.. _forms.Keys];

        private static readonly Dictionary<string, Func<string[], string>> _forms = new()
        {
            ["nothing"] = _ => "",
            ["two dots"] = _ => "..",
            ["no dot"] = p => string.Concat(p),
            ["one dot"] = p => $"{p[0]}.{p[1]}",
            ["three dots"] = p => $"{p[0]}.{p[1]}.{p[2]}.",
            ["four dots, as of an encrypted one"] = p => $"{p[0]}.{p[1]}.{p[2]}.{p[1]}.{p[1]}",
            ["no header"] = p => $".{p[1]}.{p[2]}",
            ["a line end"] = p => $"{p[0]}.{p[1]}.{p[2]}\n",
            ["a space in front"] = p => $" {p[0]}.{p[1]}.{p[2]}",
            ["padding behind the header"] = p => $"{p[0]}=.{p[1]}.{p[2]}",
            ["padding behind the payload"] = p => $"{p[0]}.{p[1]}=.{p[2]}",
            ["padding behind the signature"] = p => $"{p[0]}.{p[1]}.{p[2]}==",
            ["a character too many in the payload"] = p => $"{p[0]}.{p[1]}A.{p[2]}",
            ["a character too many in the signature"] = p => $"{p[0]}.{p[1]}.{p[2]}AAA",
            ["bits left over in the signature"] = p => $"{p[0]}.{p[1]}.{p[2][..^1]}{(char)(p[2][^1] + 1)}",
            ["the JSON form"] = p => $$"""{"payload":"{{p[1]}}","protected":"{{p[0]}}","signature":"{{p[2]}}"}""",
            ["a manifest that is not signed"] = _ => Payload,
            ["a signature longer than any key's"] = p => $"{p[0]}.{p[1]}.{new string('A', 684)}",
            ["longer than 4096 characters"] = p => $"{p[0]}.{new string('A', 4096)}.{p[2]}",
        };

        [Theory]
        [MemberData(nameof(Forms))]
        public void A_text_that_is_no_compact_jws_is_refused(string what)
        {
            string text = _forms[what](_a.Jws(Payload).Split('.'));
            Assert.Equal(ResultCode.SignatureMalformed, Verify(Verifier(), text).Code);
        }

        [Fact]
        public void The_signature_of_the_longest_key_is_accepted()
        {
            TestKey key = TestKey.Of("a", 4096);
            Assert.Equal(RsaPublicKey.MaxLength, key.Length);
            Assert.Equal((ResultCode.None, Payload), Verify(new SignedManifests(HostOptions.Create(), [key.Public], null), key.Jws(Payload)));
        }

        [Fact]
        public void A_missing_signature_is_refused()
        {
            string[] parts = _a.Jws(Payload).Split('.');
            Assert.Equal(ResultCode.SignatureInvalid, Verify(Verifier(), $"{parts[0]}.{parts[1]}.").Code);
        }

        [Fact]
        public void Texts_with_any_character_changed_are_all_refused()
        {
            const string Characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ {\0";
            string good = _a.Jws(Payload);
            var random = new Random(20261121);
            SignedManifests verifier = Verifier();
            for (int i = 0; i < 3000; i++)
            {
                char[] bad = good.ToCharArray();
                bad[i % bad.Length] = Characters[random.Next(Characters.Length)];
                var text = new string(bad);
                Assert.True(text == good == (Verify(verifier, text).Code == ResultCode.None), text);
            }
        }

        [Fact]
        public void Texts_that_are_cut_lengthened_or_stirred_are_all_refused()
        {
            string good = _a.Jws(Payload);
            SignedManifests verifier = Verifier();
            var random = new Random(5);
            for (int i = 0; i < good.Length; i++)
            {
                int from = random.Next(good.Length);
                Assert.NotEqual(ResultCode.None, Verify(verifier, good[..i]).Code);
                Assert.NotEqual(ResultCode.None, Verify(verifier, good.Insert(i, good[from].ToString())).Code);
                Assert.NotEqual(ResultCode.None, Verify(verifier, good.Remove(i, 1)).Code);
                Assert.NotEqual(ResultCode.None, Verify(verifier, good[i..] + good[..i] + (i == 0 ? "A" : "")).Code);
            }
        }

        [Fact]
        public void A_signature_over_another_payload_is_refused()
        {
            string[] first = _a.Jws(Payload).Split('.');
            string[] second = _a.Jws("""{"schema":2}""").Split('.');
            Assert.Equal(ResultCode.SignatureInvalid, Verify(Verifier(), $"{first[0]}.{second[1]}.{first[2]}").Code);
        }

        [Fact]
        public void The_text_may_be_4096_characters_long_and_no_longer()
        {
            int payload = (4096 - _a.Jws("").Length) * 3 / 4;
            string longest = _a.Jws(new string('x', payload));
            Assert.Equal(4096, longest.Length);
            Assert.Equal(ResultCode.None, Verify(Verifier(), longest).Code);
            Assert.Equal(ResultCode.SignatureMalformed, Verify(Verifier(), _a.Jws(new string('x', payload + 1))).Code);
        }

        [Fact]
        public void A_verification_given_up_half_way_leaves_nothing_behind()
        {
            SignedManifests verifier = Verifier();
            byte[] good = Encoding.ASCII.GetBytes(_a.Jws(Payload));
            byte[] bad = Encoding.ASCII.GetBytes(_b.Jws(Payload, """{"alg":"RS256","kid":"a"}"""));
            for (int steps = 0; steps < 8; steps++)
            {
                verifier.Begin((byte[])good.Clone(), good.Length, false);
                for (int i = 0; i < steps; i++)
                {
                    Assert.Equal(ResultCode.Pending, verifier.Step(out _));
                }

                Assert.Equal(ResultCode.SignatureInvalid, Verify(verifier, Encoding.ASCII.GetString(bad)).Code);
            }
        }

        [Fact]
        public void A_list_of_keys_adds_one_and_retires_another()
        {
            SignedManifests verifier = Verifier();
            Assert.Equal(ResultCode.None, Follow(verifier, _a, 1, _a, _b));
            Assert.Equal(ResultCode.None, Verify(verifier, _b.Jws(Payload)).Code);
            Assert.Equal(ResultCode.None, Verify(verifier, _a.Jws(Payload)).Code);
            Assert.Equal(ResultCode.None, Follow(verifier, _b, 2, _b));
            Assert.Equal(ResultCode.KeyUnknown, Verify(verifier, _a.Jws(Payload)).Code);
            Assert.Equal(ResultCode.None, Verify(verifier, _b.Jws(Payload)).Code);
        }

        [Fact]
        public void A_key_may_sign_its_own_retirement_and_the_list_in_force_is_passed_over_from_then_on()
        {
            SignedManifests verifier = Verifier();
            string list = _a.Jws(List(1, _b));
            Assert.Equal(ResultCode.None, Verify(verifier, list, true).Code);
            Assert.Equal(ResultCode.None, Verify(verifier, list, true).Code);
            Assert.Equal(ResultCode.KeyUnknown, Verify(verifier, _a.Jws(Payload)).Code);
            Assert.Equal(ResultCode.None, Verify(verifier, _b.Jws(Payload)).Code);
        }

        [Fact]
        public void A_list_of_the_version_in_force_changes_nothing_whoever_signed_it()
        {
            SignedManifests verifier = Verifier();
            Follow(verifier, _a, 1, _a, _b);
            int writes = _store.Writes;
            Assert.Equal(ResultCode.None, Follow(verifier, _c, 1, _c));
            Assert.Equal(ResultCode.KeyUnknown, Verify(verifier, _c.Jws(Payload)).Code);
            Assert.Equal(writes, _store.Writes);
        }

        [Fact]
        public void A_list_older_than_the_one_in_force_is_refused()
        {
            SignedManifests verifier = Verifier();
            Follow(verifier, _a, 1, _a, _b);
            Follow(verifier, _a, 7, _b);
            Assert.Equal(ResultCode.KeyListTooOld, Follow(verifier, _a, 1, _a, _b));
            Assert.Equal(ResultCode.KeyListTooOld, Follow(verifier, _b, 6, _a, _b));
            Assert.Equal(ResultCode.KeyUnknown, Verify(verifier, _a.Jws(Payload)).Code);
        }

        [Fact]
        public void A_list_signed_by_a_key_that_is_not_trusted_or_only_by_the_list_itself_is_refused()
        {
            SignedManifests verifier = Verifier();
            Assert.Equal(ResultCode.KeyUnknown, Follow(verifier, _b, 1, _a, _b));
            Follow(verifier, _a, 1, _b);
            Assert.Equal(ResultCode.KeyUnknown, Follow(verifier, _a, 2, _a, _b));
            Assert.Equal(1u, verifier.Trusted.Version);
        }

        [Fact]
        public void A_list_with_a_wrong_signature_changes_nothing()
        {
            SignedManifests verifier = Verifier();
            string forged = _b.Jws(List(1, _b), """{"alg":"RS256","kid":"a"}""");
            Assert.Equal(ResultCode.SignatureInvalid, Verify(verifier, forged, true).Code);
            Assert.Equal((0u, 0), (verifier.Trusted.Version, _store.Writes));
        }

        [Theory]
        [InlineData("""{"version":1,"keys":[]}""")]
        [InlineData("""{"schema":1,"version":"1.1.0","components":[]}""")]
        public void A_list_that_leaves_no_key_and_a_manifest_in_its_place_are_refused(string payload)
        {
            SignedManifests verifier = Verifier();
            Assert.Equal(ResultCode.KeyListMalformed, Verify(verifier, _a.Jws(payload), true).Code);
            Assert.Equal(ResultCode.None, Verify(verifier, _a.Jws(Payload)).Code);
        }

        [Fact]
        public void A_list_outlives_a_reboot()
        {
            Follow(Verifier(), _a, 3, _b);
            SignedManifests rebooted = Verifier();
            Assert.Equal(ResultCode.KeyUnknown, Verify(rebooted, _a.Jws(Payload)).Code);
            Assert.Equal(ResultCode.None, Verify(rebooted, _b.Jws(Payload)).Code);
            Assert.Equal(ResultCode.KeyListTooOld, Follow(rebooted, _b, 2, _a));
            Assert.Equal(3u, rebooted.Trusted.Version);
        }

        [Fact]
        public void A_list_that_cannot_be_stored_is_not_followed()
        {
            _store.Fails = true;
            SignedManifests verifier = Verifier();
            Assert.Equal(ResultCode.KeyStoreFailed, Follow(verifier, _a, 1, _b));
            Assert.Equal(ResultCode.None, Verify(verifier, _a.Jws(Payload)).Code);
            Assert.Equal(ResultCode.KeyUnknown, Verify(verifier, _b.Jws(Payload)).Code);
        }

        [Fact]
        public void A_stored_list_that_cannot_be_read_at_first_counts_as_soon_as_it_can_be()
        {
            Follow(Verifier(), _a, 2, _b);
            SignedManifests verifier = Verifier();
            _store.IsAway = true;
            Assert.Equal(ResultCode.KeyUnknown, Verify(verifier, _b.Jws(Payload)).Code);
            _store.IsAway = false;
            Assert.Equal(ResultCode.KeyUnknown, Verify(verifier, _a.Jws(Payload)).Code);
            Assert.Equal(ResultCode.KeyListTooOld, Follow(verifier, _a, 1, _a));
            Assert.Equal(ResultCode.None, Verify(verifier, _b.Jws(Payload)).Code);
        }

        [Fact]
        public void Without_a_store_lists_are_not_asked_for()
        {
            Assert.Null(new SignedManifests(HostOptions.Create(), [_a.Public], null).KeyListName);
            Assert.Equal("keys.jws", Verifier().KeyListName);
        }

        [Fact]
        public void A_verifier_without_a_key_or_with_one_that_was_not_acceptable_is_not_made()
        {
            Assert.Throws<ArgumentException>(() => new SignedManifests(HostOptions.Create(), [], _store));
            Assert.Throws<ArgumentException>(() => new SignedManifests(HostOptions.Create(), [_a.Public, null], _store));
        }

        internal static string List(uint version, params TestKey[] keys)
        {
            return $$"""{"version":{{version}},"keys":[{{string.Join(',', keys.Select(key => key.Jwk))}}]}""";
        }

        internal static (ResultCode Code, string Payload) Verify(SignedManifests verifier, string text, bool isKeyList = false)
        {
            byte[] document = Encoding.UTF8.GetBytes(text);
            verifier.Begin(document, document.Length, isKeyList);
            ResultCode code;
            int length;
            int steps = 0;
            while ((code = verifier.Step(out length)) == ResultCode.Pending)
            {
                Assert.InRange(++steps, 1, 60);
            }

            return (code, Encoding.UTF8.GetString(document, 0, length));
        }

        private static ResultCode Follow(SignedManifests verifier, TestKey signer, uint version, params TestKey[] keys)
        {
            return Verify(verifier, signer.Jws(List(version, keys)), true).Code;
        }

        private SignedManifests Verifier()
        {
            return new SignedManifests(HostOptions.Create(), [_a.Public], _store);
        }
    }
}

using System.Runtime.CompilerServices;
using System.Text;
using nanoOta.Tests.Signing;
using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Cloud;

namespace nanoOta.Tests.DeviceUpdates
{
    /// <summary>Root-key packages: who must have signed them, what they add and disable, and that their version never falls.</summary>
    public sealed class RootKeyTests
    {
        private const string Manifest = "{}";
        private static readonly TestKey[] _both = [Service.Root, Service.OtherRoot];
        private static readonly TestKey _third = TestKey.Of("TEST.9.R");

        [Fact]
        public void The_production_package_is_accepted_and_stored_without_its_white_space()
        {
            var store = new MemoryKeyStore();
            var roots = new RootKeyPackages(HostOptions.Create(), null, store, null);
            Assert.Equal(ResultCode.None, Service.Follow(roots, File.ReadAllText(TestFiles.PathOf("adu", "adu-rootkeypackage-prod-v1.json"))));
            Assert.Equal(1u, roots.Version);
            Assert.StartsWith("{\"version\":1,\"published\":1675972876,", Encoding.UTF8.GetString(store.Read()!));
            Assert.Equal(1u, new RootKeyPackages(HostOptions.Create(), null, store, null).Version);
        }

        [Fact]
        public void A_package_of_the_production_keys_with_one_character_changed_is_refused()
        {
            string package = File.ReadAllText(TestFiles.PathOf("adu", "adu-rootkeypackage-prod-v1.json"));
            Assert.Equal(ResultCode.SignatureInvalid, Service.Follow(new RootKeyPackages(HostOptions.Create(), null, new MemoryKeyStore(), null), package.Replace("1675972876", "1675972877")));
            Assert.Equal(ResultCode.SignatureInvalid, Service.Follow(new RootKeyPackages(HostOptions.Create(), null, new MemoryKeyStore(), null), package.Replace("\"version\": 1", "\"version\": 2")));
        }

        [Fact]
        public void The_layout_of_a_package_does_not_matter_but_the_order_of_its_members_does()
        {
            string package = Service.Package(3, _both);
            Assert.Equal(ResultCode.None, Service.Follow(Service.Roots(new MemoryKeyStore()), Service.Indented(package)));
            string moved = package.Replace("\"version\":3,\"published\":1675972876,", "\"published\":1675972876,\"version\":3,");
            Assert.Equal(ResultCode.SignatureInvalid, Service.Follow(Service.Roots(new MemoryKeyStore()), moved));
        }

        [Theory]
        [InlineData(2048)]
        [InlineData(3072)]
        [InlineData(4096)]
        public void A_root_key_may_have_a_zero_before_its_modulus_and_is_the_same_key(int bits)
        {
            TestKey third = TestKey.Of("TEST.9.R", bits);
            string package = Service.Package(1, [.. _both, third], leading: 1);
            var store = new MemoryKeyStore();
            Assert.Equal(ResultCode.None, Service.Follow(Service.Roots(store), package));
            Assert.Equal(ResultCode.None, Service.Authenticate(Service.Roots(store), Manifest, Service.Sign(Manifest, root: third)).Code);
            Assert.Equal(ResultCode.KeyListMalformed, Service.Follow(Service.Roots(new MemoryKeyStore()), Service.Package(1, [.. _both, third], leading: 2)));
        }

        [Fact]
        public void A_signing_key_with_a_zero_before_its_modulus_is_refused()
        {
            string sjwk = Service.StandardJwk(Service.Signing).Replace(Convert.ToBase64String(Service.Signing.Modulus), Convert.ToBase64String([0, .. Service.Signing.Modulus]));
            Assert.NotEqual(ResultCode.None, Service.Authenticate(Service.Roots(), Manifest, Service.Sign(Manifest, Service.Root.Jws(sjwk), Service.Signing)).Code);
        }

        [Fact]
        public void A_package_adds_a_root_key_that_outlives_a_reboot()
        {
            var store = new MemoryKeyStore();
            string signature = Service.Sign(Manifest, root: _third);
            Assert.Equal((ResultCode.KeyUnknown, 3), Service.Authenticate(Service.Roots(store), Manifest, signature));
            Assert.Equal(ResultCode.None, Service.Follow(Service.Roots(store), Service.Package(1, [.. _both, _third])));
            Assert.Equal(ResultCode.None, Service.Authenticate(Service.Roots(store), Manifest, signature).Code);
        }

        [Theory]
        [InlineData(8, 8, ResultCode.SignatureInvalid)]
        [InlineData(9, 2, ResultCode.KeyListMalformed)]
        [InlineData(2, 9, ResultCode.KeyListMalformed)]
        public void A_package_of_more_keys_or_signatures_than_a_device_holds_is_malformed(int keys, int signatures, ResultCode code)
        {
            string more = string.Concat(Enumerable.Range(2, keys - 2).Select(i => $"\"K{i}\":{{\"keyType\":\"RSA\",\"n\":\"{TestKey.Text(_third.Modulus)}\",\"e\":65537}},"));
            string package = Service.Package(1, _both, signers: [.. Enumerable.Repeat(_third, signatures)]).Replace("\"rootKeys\":{", "\"rootKeys\":{" + more);
            Assert.Equal(code, Service.Follow(Service.Roots(new MemoryKeyStore()), package));
        }

        [Fact]
        public void A_fetch_asks_once_a_second_for_a_session_that_another_has()
        {
            const string Url = "https://files.example/keys.json";
            var server = new MemoryServer();
            server.Put(Url, Encoding.UTF8.GetBytes(Service.Package(1, _both)));
            int opened = 0;
            server.OnOpen = (_, _) =>
            {
                opened++;
                return ResultCode.None;
            };
            RootKeyPackages roots = Service.Roots(new MemoryKeyStore(), server.Connect());
            var session = new NetworkSession { Holder = this };
            roots.Fetch(Url, session, (HubConnection)RuntimeHelpers.GetUninitializedObject(typeof(HubConnection)));
            for (long now = 5000; now < 20_000; now += 1000)
            {
                Assert.Equal((ResultCode.Pending, now + 1000, 0), (roots.Step(now, out long next), next, opened));
            }

            session.Release(this);
            ResultCode code;
            while ((code = roots.Step(20_000, out _)) == ResultCode.Pending)
            {
            }

            Assert.Equal((ResultCode.None, 1u, 1), (code, roots.Version, opened));
        }

        [Theory]
        [InlineData(1, 14_900, ResultCode.TooSlow)]
        [InlineData(1024, 1000, ResultCode.None)]
        [InlineData(70, 1000, ResultCode.None)]
        public void A_fetch_has_the_session_for_two_minutes_and_no_longer_which_is_enough_on_a_slow_link(int bytes, int milliseconds, ResultCode end)
        {
            const string Url = "https://files.example/keys.json";
            var server = new MemoryServer { MaxRead = bytes };
            server.Put(Url, Encoding.UTF8.GetBytes(Service.Package(1, _both).PadRight(RootKeyPackages.MaxLength - 1)));
            RootKeyPackages roots = Service.Roots(new MemoryKeyStore(), server.Connect());
            var session = new NetworkSession();
            roots.Fetch(Url, session, (HubConnection)RuntimeHelpers.GetUninitializedObject(typeof(HubConnection)));
            long began = -1;
            long now = 0;
            ResultCode code;
            for (; (code = roots.Step(now, out long next)) == ResultCode.Pending; now = Math.Max(next, now + milliseconds))
            {
                began = session.Holder == null ? -1 : began < 0 ? now : began;
                Assert.InRange(began < 0 ? 0 : now - began, 0, 120_000);
            }

            Assert.Equal((end, null), (code, session.Holder));
        }

        [Fact]
        public void Every_key_built_in_must_have_signed_a_package_each_in_its_place()
        {
            Assert.Equal(ResultCode.SignatureInvalid, Service.Follow(Service.Roots(new MemoryKeyStore()), Service.Package(1, _both, signers: [Service.Root])));
            Assert.Equal(ResultCode.SignatureInvalid, Service.Follow(Service.Roots(new MemoryKeyStore()), Service.Package(1, _both, signers: [Service.OtherRoot, Service.Root])));
            Assert.Equal(ResultCode.SignatureInvalid, Service.Follow(Service.Roots(new MemoryKeyStore()), Service.Package(1, _both, signers: [_third, _third])));
            Assert.Equal(ResultCode.KeyUnknown, Service.Follow(Service.Roots(new MemoryKeyStore()), Service.Package(1, [Service.Root])));
        }

        [Fact]
        public void The_version_of_a_package_never_falls_so_a_revocation_cannot_be_undone()
        {
            var store = new MemoryKeyStore();
            Assert.Equal(ResultCode.None, Service.Follow(Service.Roots(store), Service.Package(7, _both, "\"disabledRootKeys\":[\"TEST.2.R\"],")));
            Assert.Equal(ResultCode.KeyListTooOld, Service.Follow(Service.Roots(store), Service.Package(6, _both)));
            Assert.Equal((7u, null), (Service.Roots(store).Version, Service.Roots(store).Find("TEST.2.R")));
            Assert.Equal(ResultCode.None, Service.Follow(Service.Roots(store), Service.Package(7, _both)));
            Assert.Null(Service.Roots(store).Find("TEST.2.R"));
            Assert.Equal(ResultCode.None, Service.Follow(Service.Roots(store), Service.Package(8, _both)));
            Assert.NotNull(Service.Roots(store).Find("TEST.2.R"));
        }

        [Fact]
        public void A_stored_package_that_cannot_be_read_at_first_counts_as_soon_as_it_can_be()
        {
            var store = new MemoryKeyStore();
            Service.Follow(Service.Roots(store), Service.Package(7, _both, "\"disabledRootKeys\":[\"TEST.2.R\"],"));
            RootKeyPackages roots = Service.Roots(store);
            store.IsAway = true;
            Assert.Equal(0u, roots.Version);
            store.IsAway = false;
            Assert.Null(roots.Find("TEST.2.R"));
            Assert.Equal(ResultCode.KeyListTooOld, Service.Follow(roots, Service.Package(6, _both)));
        }

        [Fact]
        public void A_disabled_root_key_signs_no_more()
        {
            var store = new MemoryKeyStore();
            Service.Follow(Service.Roots(store), Service.Package(1, _both, "\"disabledRootKeys\":[\"TEST.1.R\"],"));
            Assert.Equal((ResultCode.KeyUnknown, 3), Service.Authenticate(Service.Roots(store), Manifest, Service.Sign(Manifest)));
            Assert.Equal(ResultCode.None, Service.Authenticate(Service.Roots(store), Manifest, Service.Sign(Manifest, root: Service.OtherRoot)).Code);
        }

        [Theory]
        [InlineData(2048, 65537u)]
        [InlineData(3072, 3u)]
        [InlineData(2048, 65539u)]
        [InlineData(4096, 4294967291u)]
        public void A_disabled_signing_key_signs_no_more_whatever_its_length_and_exponent(int bits, uint exponent)
        {
            TestKey key = TestKey.Of("TEST.D.S", bits, exponent);
            string sjwk = Service.Root.Jws(key.Jwk);
            string signature = Service.Sign(Manifest, sjwk, key);
            var store = new MemoryKeyStore();
            Assert.Equal(ResultCode.None, Service.Authenticate(Service.Roots(store), Manifest, signature).Code);
            string disabled = $$"""{"alg":"SHA256","hash":"{{Service.HashOf(Service.Signing)}}"},{"alg":"SHA256","hash":"{{Service.HashOf(key)}}"}""";
            Assert.Equal(ResultCode.None, Service.Follow(Service.Roots(store), Service.Package(1, _both, $"\"disabledSigningKeys\":[{disabled}],")));
            Assert.Equal((ResultCode.KeyUnknown, 4), Service.Authenticate(Service.Roots(store), Manifest, signature));
        }

        [Fact]
        public void A_package_for_tests_counts_only_where_the_root_keys_are_for_tests()
        {
            Assert.Equal(ResultCode.None, Service.Follow(Service.Roots(new MemoryKeyStore()), Service.Package(1, _both, "\"isTest\":true,")));
            Assert.Equal(ResultCode.KeyListMalformed, Service.Follow(new RootKeyPackages(HostOptions.Create(), null, new MemoryKeyStore(), null), Service.Package(1, _both, "\"isTest\":true,")));
        }

        [Fact]
        public void A_package_that_cannot_be_stored_does_not_count()
        {
            RootKeyPackages roots = Service.Roots(new MemoryKeyStore { Fails = true });
            Assert.Equal(ResultCode.KeyStoreFailed, Service.Follow(roots, Service.Package(1, _both)));
            Assert.Equal(0u, roots.Version);
        }

        [Theory]
        [InlineData("{}")]
        [InlineData("[]")]
        [InlineData("{\"protected\":{},\"signatures\":[]}")]
        [InlineData("{\"protected\":[],\"signatures\":[]}")]
        [InlineData("{\"protected\":{\"version\":1,\"rootKeys\":{}},\"signatures\":[]}")]
        [InlineData("{\"protected\":{\"version\":0,\"rootKeys\":{}},\"signatures\":[]}")]
        [InlineData("{\"protected\":{\"version\":1,\"rootKeys\":{\"a\":{\"keyType\":\"EC\"}}},\"signatures\":[]}")]
        [InlineData("{\"protected\":{\"version\":1,\"disabledRootKeys\":[1],\"rootKeys\":{}},\"signatures\":[]}")]
        [InlineData("{\"protected\":{\"version\":1,\"disabledSigningKeys\":[{\"hash\":1}],\"rootKeys\":{}},\"signatures\":[]}")]
        public void What_is_no_package_is_refused(string text)
        {
            Assert.Equal(ResultCode.KeyListMalformed, Service.Follow(Service.Roots(new MemoryKeyStore()), text));
        }

        [Fact]
        public void A_package_that_is_too_long_is_refused()
        {
            Assert.Equal(ResultCode.KeyListMalformed, Service.Follow(Service.Roots(new MemoryKeyStore()), Service.Package(1, _both) + new string(' ', RootKeyPackages.MaxLength)));
        }

        [Fact]
        public void Without_an_acceptable_root_key_there_is_no_set_of_keys()
        {
            Assert.Throws<ArgumentException>(() => new RootKeys([]));
            Assert.Throws<ArgumentException>(() => new RootKeys([Service.Root.Public, null!]));
        }
    }
}

using nanoOta.Tests.Devices;
using nanoOta.Tests.Signing;
using nanoOta.VirtualDevice;

namespace nanoOta.Tests.DeviceUpdates
{
    /// <summary>Conversations in which a request names a root-key package: fetched, followed, or not to be had.</summary>
    public sealed class RootKeyConversationTests
    {
        private const string Package = "https://contoso.example/rootkeys.json";
        private readonly DeploymentBench _bench = new();

        private string[] Told => _bench.Told;

        [Fact]
        public void A_root_key_package_is_fetched_verified_and_followed_before_the_manifest_is_believed()
        {
            var store = new MemoryKeyStore();
            _bench.Options.RootKeys = Service.Roots(store, _bench.Device.Server.Connect());
            _bench.Device.Server.Put(Package, System.Text.Encoding.UTF8.GetBytes(Service.Package(2, [Service.Root, Service.OtherRoot], "\"disabledRootKeys\":[\"TEST.1.R\"],")));
            _bench.Hub.Twin.ReplaceDesired(DeploymentBench.Request(_bench.Publish("1.1"), more: $",\"rootKeyPackageUrl\":\"{Package}\""));
            _bench.Run();
            Assert.Equal("answer 406 to 2: nanoOta 404", Told[^1]);
            Assert.Equal(2u, Service.Roots(store).Version);
            Assert.EndsWith(";3", (string?)_bench.Agent["deviceProperties"]!["contractModelId"]);
        }

        [Theory]
        [InlineData("missing", "nanoOta 505")]
        [InlineData("forged", "nanoOta 405")]
        public void Without_the_root_key_package_that_is_named_nothing_is_installed(string kind, string why)
        {
            _bench.Options.RootKeys = Service.Roots(new MemoryKeyStore(), _bench.Device.Server.Connect());
            if (kind == "forged")
            {
                _bench.Device.Server.Put(Package, System.Text.Encoding.UTF8.GetBytes(Service.Package(2, [Service.Root, Service.OtherRoot], signers: [Service.Root, Service.Root])));
            }

            _bench.Hub.Twin.ReplaceDesired(DeploymentBench.Request(_bench.Publish("1.1"), more: $",\"rootKeyPackageUrl\":\"{Package}\""));
            _bench.Run();
            Assert.Equal($"answer 406 to 2: {why}", Told[^1]);
            Assert.Equal("1.0.0", _bench.Installed);
        }

        [Fact]
        public void A_root_key_package_that_cannot_be_had_is_fetched_again_later_without_a_new_twin_and_not_at_each_connection()
        {
            int asked = 0;
            _bench.Options.RootKeys = Service.Roots(new MemoryKeyStore(), _bench.Device.Server.Connect());
            _bench.Device.Server.OnOpen = (url, _) =>
            {
                asked += url == Package ? 1 : 0;
                return ResultCode.None;
            };
            _bench.Hub.Twin.ReplaceDesired(DeploymentBench.Request(_bench.Publish("1.1"), more: $",\"rootKeyPackageUrl\":\"{Package}\""));
            int before = 0;
            _bench.At(500, () =>
            {
                before = asked;
                _bench.Device.Server.Put(Package, System.Text.Encoding.UTF8.GetBytes(Service.Package(2, [Service.Root, Service.OtherRoot])));
            });
            _bench.RunUntil(() => Told[^1] == "state 0 of workflow-1, result 700, installed 1.1");
            Assert.Equal(6, before);
            Assert.Single(Told, words => words == "answer 406 to 2: nanoOta 505");
        }

        [Fact]
        public void A_cancel_while_a_root_key_package_is_fetched_beside_the_hub_ends_its_connection()
        {
            var calls = new List<string>();
            _bench.Device.Configure += options => options.Session.AllowsTwo = true;
            _bench.Options.RootKeys = Service.Roots(new MemoryKeyStore(), Faulty<IImageSource>.Around(_bench.Device.Server.Connect(), calls.Add));
            _bench.Device.Server.Put(Package, System.Text.Encoding.UTF8.GetBytes(Service.Package(2, [Service.Root, Service.OtherRoot])));
            _bench.Device.Server.OnOpen = (_, _) =>
            {
                _bench.Hub.PatchDesired(DeploymentBench.CancelOf(DeploymentBench.First));
                _bench.Device.Clock!.Skip(1000);
                return ResultCode.None;
            };
            _bench.Hub.Twin.ReplaceDesired(DeploymentBench.Request(_bench.Publish("1.1"), more: $",\"rootKeyPackageUrl\":\"{Package}\""));
            _bench.Run();
            Assert.Equal("answer 200 to 3", Told[^1]);
            Assert.Equal(["IImageSource.Open", "IImageSource.Read", "IImageSource.Close"], calls);
        }

        [Fact]
        public void A_device_with_the_keys_built_in_alone_fetches_no_package_and_says_so_in_its_contract()
        {
            int asked = 0;
            _bench.Device.Server.OnOpen = (url, _) =>
            {
                asked += url == Package ? 1 : 0;
                return ResultCode.None;
            };
            _bench.Hub.Twin.ReplaceDesired(DeploymentBench.Request(_bench.Publish("1.1"), more: $",\"rootKeyPackageUrl\":\"{Package}\""));
            _bench.Run();
            Assert.Equal(("state 0 of workflow-1, result 700, installed 1.1", 0), (Told[^1], asked));
            Assert.EndsWith(";2", (string?)_bench.Agent["deviceProperties"]!["contractModelId"]);
        }
    }
}

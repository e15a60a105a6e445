using nanoOta.Tests.Devices;
using nanoOta.VirtualDevice;

namespace nanoOta.Tests.DeviceUpdates
{
    /// <summary>
    /// The flowchart of an agent of Azure Device Update (seed document 1), arrow by arrow. Each test is named after its arrow; an
    /// arrow from a question is named with its answer.
    /// </summary>
    public sealed class FlowchartTests
    {
        private readonly DeploymentBench _bench = new();

        private string[] Told => _bench.Told;

        [Fact]
        public void Begin__Connect_to_Azure_IoT_Hub()
        {
            _bench.Run();
            Assert.Equal((1, 1), (_bench.Hub.Connects, _bench.Connection!.Connections));
        }

        [Fact]
        public void Connect__Subscribe_for_device_twin_notifications()
        {
            // The hub delivers only what was subscribed to.
            _bench.At(100, () => _bench.Hub.PatchDesired(DeploymentBench.CancelOf("nodeployment")));
            _bench.RunUntil(() => Told.Length == 2);
            Assert.Equal("answer 200 to 2", Told[1]);
        }

        [Fact]
        public void Subscribe__Init__SendAgentState_Idle()
        {
            _bench.Run();
            Assert.Equal(["state 0, installed 1.0.0"], Told);
        }

        [Fact]
        public void Idle__Device_twin_received()
        {
            _bench.Run();
            Assert.True(_bench.Channel!.Answers > 0);
        }

        [Fact]
        public void Twin_received_no__Run_device_application()
        {
            _bench.Hub.Faults.NoTwinAnswer = true;
            _bench.Device.OnClock += clock => clock.Schedule.Add(3_600_000, null, () => _bench.Hub.Faults.NoTwinAnswer = false);
            Assert.Equal(RunEnd.Settled, _bench.Run());
            Assert.True(_bench.Device.Clock!.Elapsed > TimeSpan.FromHours(1));
        }

        [Fact]
        public void Run_device_application__Twin_received()
        {
            string manifest = _bench.Publish("1.1");
            _bench.At(3600, () => _bench.Hub.PatchDesired(DeploymentBench.Request(manifest)));
            _bench.RunUntil(() => Told[^1].EndsWith("installed 1.1"));
        }

        [Fact]
        public void Twin_received_yes__IsADUComponent__yes__ParseRequest()
        {
            _bench.Hub.Twin.ReplaceDesired(DeploymentBench.Request(_bench.Publish("1.1")));
            _bench.Run();
            Assert.Contains("state 6 of workflow-1", Told);
        }

        [Fact]
        public void Is_ADU_component_no__Run_device_application()
        {
            _bench.Hub.Twin.ReplaceDesired("""{"service":{"workflow":{"action":3,"id":"x"}},"update":{"deviceUpdate":{"service":{"workflow":{"action":3,"id":"x"}}}},"other":5}""");
            Assert.Equal(RunEnd.Settled, _bench.Run());
            Assert.Single(Told);
        }

        [Fact]
        public void ParseRequest__ManifestAuthenticate__Is_request_authenticated()
        {
            string manifest = _bench.Publish("1.1");
            _bench.Hub.Twin.ReplaceDesired(DeploymentBench.Request(manifest, signature: Service.Sign(manifest, root: Service.OtherRoot)));
            _bench.Run();
            Assert.Contains("answer 200 to 2", Told);
        }

        [Fact]
        public void Is_authenticated_no__SendResponse_Reject()
        {
            string manifest = _bench.Publish("1.1");
            _bench.Hub.Twin.ReplaceDesired(DeploymentBench.Request(manifest + " ", signature: Service.Sign(manifest)));
            _bench.Run();
            Assert.Equal(["state 0, installed 1.0.0", "answer 406 to 2: nanoOta 514"], Told);
            Assert.Equal(0, _bench.Device.Server.ImageBytesRead);
        }

        [Fact]
        public void Is_authenticated_yes__Is_device_update_accepted_no__SendResponse_Reject()
        {
            _bench.Hub.Twin.ReplaceDesired(DeploymentBench.Request(_bench.Publish("0.9")));
            _bench.Run();
            Assert.Equal("answer 406 to 2: nanoOta 300", Told[^1]);
        }

        [Fact]
        public void Reject__Run_device_application()
        {
            _bench.Hub.Twin.ReplaceDesired(DeploymentBench.Request(_bench.Publish("0.9")));
            Assert.Equal(RunEnd.Settled, _bench.Run());
            Assert.Null(_bench.Channel!.Offer);

            // The twin, fetched again, brings the same request; the answer is given already.
            int told = Told.Length;
            _bench.Run();
            Assert.Equal(told + 1, Told.Length);
            Assert.StartsWith("state 0", Told[^1]);
        }

        [Fact]
        public void Is_device_update_accepted_yes__SendResponse_Accept__SendAgentState_DeploymentInProgress()
        {
            Update();
            int answer = Array.IndexOf(Told, "answer 200 to 2");
            Assert.Equal("state 6 of workflow-1", Told[answer + 1]);
        }

        [Fact]
        public void DeploymentInProgress__Download_image_files_and_write_to_flash()
        {
            Update();
            Assert.Equal(20000, _bench.Device.Server.ImageBytesRead);
            Assert.Equal("1.1.0", _bench.Device.Status.Current);
        }

        [Fact]
        public void Download__Is_device_update_successful_no__SendAgentState_Failed__SendAgentState_Idle()
        {
            string manifest = _bench.Publish("1.1");
            _bench.Device.Server.Put(DeploymentBench.Files + "f1.bin", Bench.Deployment("1.1.0", seed: 9));
            _bench.Hub.Twin.ReplaceDesired(DeploymentBench.Request(manifest));
            _bench.Run();
            Assert.Equal(["state 255 of workflow-1, result 0", "state 0 of workflow-1, result 0, installed 1.0.0"], Told[^2..]);
            Assert.Equal(((1 << 28) | (5 << 20) | 514, "nanoOta 514"), ((int)_bench.Agent["lastInstallResult"]!["extendedResultCode"]!, (string?)_bench.Agent["lastInstallResult"]!["resultDetails"]));
        }

        [Fact]
        public void Idle_after_Failed__Run_device_application()
        {
            string manifest = _bench.Publish("1.1");
            _bench.Device.Server.Put(DeploymentBench.Files + "f1.bin", Bench.Deployment("1.1.0", seed: 9));
            _bench.Hub.Twin.ReplaceDesired(DeploymentBench.Request(manifest));
            Assert.Equal(RunEnd.Settled, _bench.Run());

            // It does not begin again by itself, not after a reboot either.
            long read = _bench.Device.Server.ImageBytesRead;
            _bench.Run();
            Assert.Equal((read, "state 0, installed 1.0.0"), (_bench.Device.Server.ImageBytesRead, Told[^1]));
        }

        [Fact]
        public void Is_device_update_successful_yes__Reboot_device_and_boot_up_from_new_image_version()
        {
            Update();
            Assert.Contains(_bench.Device.Log, line => line.StartsWith("reset") && line.Contains("Software"));
            Assert.Contains(_bench.Device.Log, line => line.Contains("application=1.1.0.0 trial=True"));
        }

        [Fact]
        public void Reboot__Connect__SendAgentState_Idle_with_the_new_version()
        {
            Update();
            Assert.True(_bench.Hub.Connects >= 2);
            Assert.Equal("state 0 of workflow-1, result 700, installed 1.1", Told[^1]);
        }

        private void Update()
        {
            _bench.Hub.Twin.ReplaceDesired(DeploymentBench.Request(_bench.Publish("1.1")));
            Assert.Equal(RunEnd.Settled, _bench.Run());
        }
    }
}

using nanoOta.VirtualDevice.PowerFail;
using nanoOta.VirtualDevice.PowerFail.Stock;

namespace nanoOta.Tests.Stock
{
    /// <summary>Stock devices whose power is cut before and after every change of the file system, and at every read, report and reset.</summary>
    public class StockPowerFailTests
    {
        public static TheoryData<string> Scenarios => [.. StockScenarios.All.Select(scenario => scenario.Name)];

        [Theory]
        [MemberData(nameof(Scenarios))]
        public void A_stock_device_survives_every_cut(string scenario)
        {
            ScenarioResult result = new StockCampaign(StockScenarios.All.First(s => s.Name == scenario)).Run(20, 1);
            Assert.Empty(result.Failures.Select(f => $"{string.Join(", ", f.Cuts)}: {f.Finding}\n{string.Join("\n", f.Log)}").Take(2));
            Assert.Empty(result.Missing);
            Assert.True(result.Checkpoints >= Campaign.MinCheckpoints, $"only {result.Checkpoints} checkpoints");
            Assert.True(result.Cuts > 60, $"only {result.Cuts} cuts");
        }

        [Theory]
        [InlineData("late")]
        [InlineData("keeps")]
        public void A_planted_defect_is_found(string defect)
        {
            var campaign = new StockCampaign(StockScenarios.All[0])
            {
                MakeWorld = (scenario, cuts) => new StockWorld(scenario, cuts) { WrapModule = module => new DefectiveModule(module, defect) },
            };
            Assert.NotEmpty(campaign.Run(0, 1).Failures);
        }

        // A module that keeps a block in memory until the next one comes, or confirms before it was asked to.
        private sealed class DefectiveModule(UpdateModule inner, string defect) : UpdateModule
        {
            private byte[]? _late;

            public override bool Handles(string id)
            {
                return inner.Handles(id);
            }

            public override string VersionOf(string id)
            {
                return inner.VersionOf(id);
            }

            public override void GetStatus(ModuleStatus status)
            {
                inner.GetStatus(status);
                if (defect == "keeps" && status.Trial == TrialPhase.Running)
                {
                    inner.Confirm();
                }
            }

            public override ResultCode Check(ManifestComponent component)
            {
                return inner.Check(component);
            }

            public override ResultCode Prepare(ManifestComponent component, int offset)
            {
                _late = null;
                return inner.Prepare(component, offset);
            }

            public override ResultCode Write(byte[] buffer, int count)
            {
                if (defect != "late")
                {
                    return inner.Write(buffer, count);
                }

                ResultCode code = Finish();
                _late = buffer[..count];
                return code;
            }

            public override ResultCode Finish()
            {
                byte[]? late = _late;
                _late = null;
                return late == null ? ResultCode.None : inner.Write(late, late.Length);
            }

            public override ResultCode Read(ManifestComponent component, int offset, byte[] buffer, int count)
            {
                return inner.Read(component, offset, buffer, count);
            }

            public override ResultCode Verify(UpdateManifest manifest, byte[] buffer)
            {
                return inner.Verify(manifest, buffer);
            }

            public override ResultCode Activate(UpdateManifest manifest, byte[] digest)
            {
                return inner.Activate(manifest, digest);
            }

            public override ResultCode Confirm()
            {
                return inner.Confirm();
            }

            public override ResultCode Revert(ResultCode reason)
            {
                return inner.Revert(reason);
            }

            public override bool NeedsReboot()
            {
                return inner.NeedsReboot();
            }

            public override void Close()
            {
                inner.Close();
            }
        }
    }
}

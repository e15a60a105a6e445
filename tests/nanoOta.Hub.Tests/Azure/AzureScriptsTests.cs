namespace nanoOta.Hub.Tests
{
    /// <summary>azure/setup.sh and azure/clean.sh, with a stand-in for the Azure CLI that notes how it was called.</summary>
    public sealed class AzureScriptsTests : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("nanoota").FullName;
        private readonly Dictionary<string, string> _environment = [];

        public AzureScriptsTests()
        {
            _environment["PATH"] = $"{Path.Combine(Script.Repository, "tests", "azure")}:{Environment.GetEnvironmentVariable("PATH")}";
            _environment["AZ_LOG"] = Path.Combine(_folder, "log");
            _environment["AZ_STATE"] = Path.Combine(_folder, "groups");
        }

        private string[] Calls => File.Exists(_environment["AZ_LOG"]) ? File.ReadAllLines(_environment["AZ_LOG"]) : [];

        private string[] Groups => File.Exists(_environment["AZ_STATE"]) ? File.ReadAllLines(_environment["AZ_STATE"]) : [];

        public void Dispose() => Directory.Delete(_folder, recursive: true);

        [Fact]
        public void Setup_makes_a_group_deploys_the_template_and_says_how_to_go_on_without_a_secret()
        {
            Script run = Setup("fleet7", "westeurope", "--github", "contoso/washer");
            Assert.Equal((0, ""), (run.Code, run.Error));
            Assert.Equal(["fleet7-rg"], Groups);
            string deployment = Assert.Single(Calls, call => call.StartsWith("deployment group create", StringComparison.Ordinal));
            Assert.Contains("--parameters name=fleet7 hubSku=S1 deviceUpdate=false operatorId=11111111-1111-1111-1111-111111111111 deviceUpdatePrincipalId= repository=contoso/washer", deployment);
            Assert.Contains("export NANOOTA_HUB=$(az iot hub connection-string show --hub-name fleet7-hub", run.Output);
            Assert.Contains("https://fleet7ota.blob.core.windows.net/firmware", run.Output);
            Assert.DoesNotContain("SharedAccessKey", run.Output);
        }

        [Fact]
        public void Setup_with_Device_Update_finds_the_principal_that_needs_a_role()
        {
            Assert.Equal(0, Setup("fleet7", "westeurope", "--device-update").Code);
            Assert.Contains(Calls, call => call.Contains("deviceUpdate=true", StringComparison.Ordinal) && call.Contains("deviceUpdatePrincipalId=22222222", StringComparison.Ordinal));
        }

        [Fact]
        public void What_if_changes_nothing()
        {
            Assert.Equal(0, Setup("fleet7", "westeurope", "--what-if").Code);
            Assert.Empty(Groups);
            Assert.DoesNotContain(Calls, call => call.Contains("create", StringComparison.Ordinal));
        }

        [Theory]
        [InlineData("'Fleet' is not 3 to 15 lower-case letters and digits.", "Fleet", "westeurope")]
        [InlineData("'S9' is not one of F1, S1, S2, S3.", "fleet7", "westeurope", "--sku", "S9")]
        [InlineData("Device Update needs a hub of tier S1", "fleet7", "westeurope", "--sku", "F1", "--device-update")]
        [InlineData("'--nonsense' is not known.", "fleet7", "westeurope", "--nonsense")]
        [InlineData("'contoso' is not OWNER/NAME.", "fleet7", "westeurope", "--github", "contoso")]
        [InlineData("usage:", "fleet7")]
        public void Wrong_usage_is_said_before_anything_is_asked_of_Azure(string sentence, params string[] arguments)
        {
            Script run = Setup(arguments);
            Assert.Equal(2, run.Code);
            Assert.Contains(sentence, run.Error);
            Assert.Empty(Calls);
        }

        [Fact]
        public void A_deployment_that_fails_says_how_to_go_on()
        {
            _environment["AZ_FAILS"] = "1";
            Script run = Setup("fleet7", "nowhere");
            Assert.Equal(4, run.Code);
            Assert.Contains("run it again once that is mended, or take away what was made: azure/clean.sh fleet7", run.Error);
        }

        [Fact]
        public void Nobody_signed_in_is_said_by_both()
        {
            _environment["AZ_SIGNED_OUT"] = "1";
            Assert.Contains("Run: az login", Setup("fleet7", "westeurope").Error);
            Assert.Contains("Run: az login", Clean("", "fleet7").Error);
        }

        [Fact]
        public void Clean_names_what_it_deletes_and_asks()
        {
            HaveGroup();
            Script no = Clean("no\n", "fleet7");
            Assert.Equal(3, no.Code);
            Assert.Contains("fleet7-hub (Microsoft.Devices/IotHubs)", no.Output);
            Assert.Contains("nothing was deleted", no.Error);
            Assert.Equal(["fleet7-rg"], Groups);
            Assert.Equal(3, Clean("", "fleet7").Code);
            Assert.Equal(0, Clean("fleet7\n", "fleet7").Code);
            Assert.Empty(Groups);
        }

        [Fact]
        public void Clean_with_yes_does_not_ask_and_names_all_the_same()
        {
            HaveGroup();
            Script run = Clean("", "fleet7", "--yes");
            Assert.Equal(0, run.Code);
            Assert.Contains("fleet7ota (Microsoft.Storage/storageAccounts)", run.Output);
            Assert.Contains("fleet7 hub key reader (the role of the pipeline)", run.Output);
            Assert.Contains("role definition delete --name fleet7 hub key reader --scope /subscriptions/0/resourceGroups/fleet7-rg", Calls);
            Assert.Empty(Groups);
        }

        [Fact]
        public void Clean_leaves_a_group_that_setup_did_not_make()
        {
            HaveGroup();
            _environment["AZ_TAG"] = "";
            Script run = Clean("", "fleet7", "--yes");
            Assert.Equal(3, run.Code);
            Assert.Contains("was not made by setup.sh", run.Error);
            Assert.Equal(["fleet7-rg"], Groups);
        }

        [Fact]
        public void Clean_of_what_is_not_there_is_done()
        {
            Script run = Clean("", "fleet7", "--yes");
            Assert.Equal(0, run.Code);
            Assert.Contains("nothing to delete", run.Output);
        }

        [Fact]
        public void The_template_compiles_without_a_warning()
        {
            Script run = Script.Run(Script.Metadata("Bicep"), ["build", "--stdout", Path.Combine(Script.Repository, "azure", "main.bicep")]);
            Assert.Equal((0, ""), (run.Code, run.Error));
            foreach (string type in new[] { "Microsoft.Devices/IotHubs", "Microsoft.Devices/provisioningServices", "Microsoft.Storage/storageAccounts", "Microsoft.DeviceUpdate/accounts", "Microsoft.ManagedIdentity/userAssignedIdentities" })
            {
                Assert.Contains($"\"{type}\"", run.Output);
            }
        }

        private void HaveGroup()
        {
            File.WriteAllText(_environment["AZ_STATE"], "fleet7-rg\n");
            _environment["AZ_TAG"] = "fleet7";
        }

        private Script Setup(params string[] arguments) => Bash("setup.sh", "", arguments);

        private Script Clean(string input, params string[] arguments) => Bash("clean.sh", input, arguments);

        private Script Bash(string script, string input, string[] arguments)
        {
            return Script.Run("bash", [Path.Combine(Script.Repository, "azure", script), .. arguments], _environment, input);
        }
    }
}

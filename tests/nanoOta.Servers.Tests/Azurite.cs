using System.Diagnostics;
using System.Reflection;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using nanoOta.Tests.Servers;

namespace nanoOta.Servers.Tests
{
    /// <summary>Azurite, Microsoft's own emulator of blob storage, from npm (tests/servers).</summary>
    internal sealed class Azurite : IDisposable
    {
        private const string Account = "nanoota";

        private readonly string _key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nanoota-azurite");
        private readonly ServerProcess _process;
        private readonly string _url;

        /// <summary>Starts it.</summary>
        /// <param name="authority">Signs its certificate, for https; null: http.</param>
        public Azurite(TestAuthority? authority)
        {
            string program = Path.Combine(Servers, "node_modules/azurite/dist/src/blob/main.js");
            Assert.True(File.Exists(program), $"Azurite is not installed: run 'npm ci' in {Servers}.");
            var start = new ProcessStartInfo("node", [program, "--blobPort", "0", "--inMemoryPersistence", "--disableTelemetry", "--silent"]) { WorkingDirectory = _folder.FullName };
            start.Environment["AZURITE_ACCOUNTS"] = $"{Account}:{_key}";
            if (authority != null)
            {
                using var certificate = authority.Issue();
                using ECDsa key = certificate.GetECDsaPrivateKey()!;
                start.ArgumentList.Add("--cert");
                start.ArgumentList.Add(Write("server.pem", certificate.ExportCertificatePem()));
                start.ArgumentList.Add("--oauth");
                start.ArgumentList.Add("basic");
                start.ArgumentList.Add("--key");
                start.ArgumentList.Add(Write("server.key", key.ExportPkcs8PrivateKeyPem()));
                Write("ca.pem", authority.Pem);
            }

            _process = new ServerProcess(start, line => line.Split(" successfully listens on ") is [_, var url] ? url : null);
            _url = _process.WaitUntilReady();
        }

        private static string Servers => typeof(Azurite).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "Servers").Value!;

        /// <summary>The account as a connection string.</summary>
        public string ConnectionString => $"DefaultEndpointsProtocol={new Uri(_url).Scheme};AccountName={Account};AccountKey={_key};BlobEndpoint={AccountUrl};";

        /// <summary>The account's URL.</summary>
        public string AccountUrl => $"{_url.TrimEnd('/')}/{Account}";

        /// <summary>Uploads a folder as an operator does, with the maker's library.</summary>
        /// <param name="folder">The folder.</param>
        /// <returns>The container's URL, a shared access signature that opens it, and one that did an hour ago.</returns>
        public (string Url, string Sas, string Expired) Upload(string folder)
        {
            var start = new ProcessStartInfo("node", [Path.Combine(Servers, "container.mjs"), _url, Account, _key, "firmware", folder])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            start.Environment["NODE_EXTRA_CA_CERTS"] = Path.Combine(_folder.FullName, "ca.pem");
            start.Environment["NODE_NO_WARNINGS"] = "1";
            using Process process = Process.Start(start)!;
            Task<string> error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, error.Result);
            JsonNode json = JsonNode.Parse(output)!;
            return ((string)json["url"]!, (string)json["sas"]!, (string)json["expired"]!);
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            if (_folder.Exists)
            {
                _process.Dispose();
                _folder.Delete(recursive: true);
                _folder.Refresh();
            }
        }

        private string Write(string name, string text)
        {
            string path = Path.Combine(_folder.FullName, name);
            File.WriteAllText(path, text);
            return path;
        }
    }
}

using System.Security.Cryptography;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Sas;

namespace nanoOta.Tool.Publishing
{
    /// <summary>A container of Azure blob storage.</summary>
    internal sealed class BlobContainer : IContainer
    {
        // Of a user delegation key, by the service.
        private static readonly TimeSpan _longestDelegation = TimeSpan.FromDays(7);

        // Clocks differ: a signature that begins now may begin too late.
        private static readonly TimeSpan _skew = TimeSpan.FromMinutes(15);

        private readonly BlobContainerClient _container;
        private readonly BlobServiceClient? _delegating;
        private readonly bool _hasSignature;

        private BlobContainer(BlobContainerClient container, BlobServiceClient? delegating, bool hasSignature)
        {
            _container = container;
            _delegating = delegating;
            _hasSignature = hasSignature;
            Url = container.Uri.GetLeftPart(UriPartial.Path);
        }

        /// <inheritdoc/>
        public string Name => Url!;

        /// <inheritdoc/>
        public string? Url { get; }

        /// <summary>A container of the account that a connection string names.</summary>
        /// <exception cref="Failure">It is none.</exception>
        public static BlobContainer Of(string connection, string name)
        {
            try
            {
                return new BlobContainer(new BlobContainerClient(connection, name, Options()), null, false);
            }
            catch (Exception e) when (e is FormatException or ArgumentException or IndexOutOfRangeException)
            {
                throw new Failure(ExitCode.Usage, "the storage's connection string cannot be read. Copy it whole: Azure portal, storage account, Access keys.");
            }
        }

        /// <summary>A container by its URL: with a shared access signature in it, or signed in to Entra.</summary>
        /// <param name="url">The URL.</param>
        /// <param name="credential">Signs in; null: as Azure.Identity finds somebody signed in.</param>
        /// <param name="transport">Sends; null: as usual.</param>
        /// <exception cref="Failure">The signature has expired.</exception>
        public static BlobContainer At(Uri url, TokenCredential? credential = null, HttpPipelineTransport? transport = null)
        {
            if (url.Query.Contains("sig=", StringComparison.Ordinal))
            {
                RequireValid(url);
                return new BlobContainer(new BlobContainerClient(url, Options()), null, true);
            }

            credential ??= new DefaultAzureCredential();
            var parts = new BlobUriBuilder(url);
            string name = parts.BlobContainerName;
            if (name.Length == 0 || parts.BlobName.Length > 0)
            {
                throw new Failure(ExitCode.Usage, $"{url} is not a container: write https://ACCOUNT.blob.core.windows.net/CONTAINER. If a folder is served there, name the folder by --container DIR.");
            }

            parts.BlobContainerName = "";
            return new BlobContainer(new BlobContainerClient(url, credential, Options(transport)), new BlobServiceClient(parts.ToUri(), credential, Options(transport)), false);
        }

        /// <inheritdoc/>
        public async Task PrepareAsync(CancellationToken stop)
        {
            if (!_hasSignature)
            {
                await BlobFailure.Of(Name, () => _container.CreateIfNotExistsAsync(cancellationToken: stop), stop).ConfigureAwait(false);
            }
        }

        /// <inheritdoc/>
        public Task<byte[]?> ReadAsync(string name, CancellationToken stop)
        {
            return BlobFailure.Of(Name, async () =>
            {
                try
                {
                    Response<BlobDownloadResult> answer = await _container.GetBlobClient(name).DownloadContentAsync(stop).ConfigureAwait(false);
                    return answer.Value.Content.ToArray();
                }
                catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.BlobNotFound || (!_hasSignature && e.ErrorCode == BlobErrorCode.ContainerNotFound))
                {
                    return null;
                }
            }, stop);
        }

        /// <inheritdoc/>
        public Task<bool> CreateAsync(string name, byte[] bytes, IProgress<long> progress, CancellationToken stop)
        {
            var options = new BlobUploadOptions
            {
                // Never over another one: the service decides, when the blocks are committed.
                Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All },
                HttpHeaders = new BlobHttpHeaders { ContentType = ContentType(name), ContentHash = MD5.HashData(bytes), CacheControl = "no-transform" },
                Metadata = new Dictionary<string, string> { ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(bytes)) },
                ProgressHandler = progress,
                TransferOptions = new StorageTransferOptions { InitialTransferSize = 1 << 20, MaximumTransferSize = 1 << 20, MaximumConcurrency = 4 },
            };
            return BlobFailure.Of(Name, async () =>
            {
                try
                {
                    using var content = new MemoryStream(bytes);
                    await _container.GetBlobClient(name).UploadAsync(content, options, stop).ConfigureAwait(false);
                    return true;
                }
                catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.BlobAlreadyExists)
                {
                    return false;
                }
            }, stop);
        }

        /// <inheritdoc/>
        public Task<IReadOnlyList<string>> ListAsync(CancellationToken stop)
        {
            return BlobFailure.Of<IReadOnlyList<string>>(Name, async () =>
            {
                List<string> names = [];
                await foreach (BlobItem item in _container.GetBlobsAsync(cancellationToken: stop).ConfigureAwait(false))
                {
                    names.Add(item.Name);
                }

                return names;
            }, stop);
        }

        /// <inheritdoc/>
        public Task DeleteAsync(string name, CancellationToken stop)
        {
            return BlobFailure.Of(Name, () => _container.DeleteBlobIfExistsAsync(name, cancellationToken: stop), stop);
        }

        /// <inheritdoc/>
        public Task<string?> ReadTokenAsync(DateTimeOffset until, CancellationToken stop)
        {
            if (_hasSignature)
            {
                throw new Failure(ExitCode.Usage, $"{Name} is opened by a shared access signature, and no other one can be made from it; this one, which may write, must not reach devices. Sign in (az login), give the account's connection string, or give a signature that reads alone by --token.");
            }

            var builder = new BlobSasBuilder(BlobContainerSasPermissions.Read, until)
            {
                BlobContainerName = _container.Name,
                Resource = "c",
                StartsOn = DateTimeOffset.UtcNow - _skew,
                Protocol = _container.Uri.Scheme == Uri.UriSchemeHttps ? SasProtocol.Https : SasProtocol.HttpsAndHttp,
            };
            if (_delegating == null)
            {
                return Task.FromResult<string?>(_container.GenerateSasUri(builder).Query.TrimStart('?'));
            }

            if (until - DateTimeOffset.UtcNow > _longestDelegation)
            {
                throw new Failure(ExitCode.Usage, $"signed in to Entra, a signature lasts {_longestDelegation.TotalDays} days at the most: give fewer --days, or the account's connection string.");
            }

            return BlobFailure.Of<string?>(Name, async () =>
            {
                Response<UserDelegationKey> key = await _delegating.GetUserDelegationKeyAsync(builder.StartsOn, until, stop).ConfigureAwait(false);
                return builder.ToSasQueryParameters(key.Value, _container.AccountName).ToString();
            }, stop);
        }

        private static BlobClientOptions Options(HttpPipelineTransport? transport = null)
        {
            // Every feature used here is older; an emulator knows this version, but not always the newest.
            var options = new BlobClientOptions(BlobClientOptions.ServiceVersion.V2024_11_04);
            if (transport != null)
            {
                options.Transport = transport;
            }

            options.Retry.MaxRetries = 4;
            options.Retry.NetworkTimeout = TimeSpan.FromSeconds(60);
            return options;
        }

        private static string ContentType(string name)
        {
            return Path.GetExtension(name) switch
            {
                ".json" => "application/json",
                ".jws" => "application/jose",
                _ => "application/octet-stream",
            };
        }

        private static void RequireValid(Uri url)
        {
            string? end = url.Query.TrimStart('?').Split('&').FirstOrDefault(part => part.StartsWith("se=", StringComparison.Ordinal));
            if (end != null && DateTimeOffset.TryParse(Uri.UnescapeDataString(end[3..]), null, System.Globalization.DateTimeStyles.AssumeUniversal, out DateTimeOffset expiry) && expiry < DateTimeOffset.UtcNow)
            {
                throw new Failure(ExitCode.Denied, $"the shared access signature for {url.GetLeftPart(UriPartial.Path)} expired at {expiry:yyyy-MM-dd HH:mm} UTC. Make a new one.");
            }
        }
    }
}

using System.CommandLine;

namespace nanoOta.Tool.Publishing
{
    /// <summary>The options that say where updates are published, and for how long devices may read them.</summary>
    internal sealed class ContainerOptions
    {
        /// <summary>How long a signature lasts when nothing else is said: as long as Entra allows.</summary>
        public const int DefaultDays = 7;

        private const int MostDays = 3650;

        private readonly Option<string?> _container = new("--container", "-c")
        {
            Description = "The container: its URL (https://account.blob.core.windows.net/firmware, signed in by 'az login' or with a shared access signature), a bare name with the account's connection string in NANOOTA_STORAGE, or a folder (./firmware).",
        };

        private readonly Option<int> _days = new("--days", "-d") { Description = "How many days devices may read what is published.", DefaultValueFactory = _ => DefaultDays };
        private readonly Option<string?> _url = new("--url") { Description = "With a folder: the URL at which devices find it." };
        private readonly Option<string?> _token = new("--token") { Description = "A shared access signature that reads alone, for devices, instead of one that is made; \"none\": the container is public. Better in NANOOTA_TOKEN than here." };

        /// <summary>Gives a command the options.</summary>
        public void AddTo(Command command)
        {
            command.Options.Add(_container);
            command.Options.Add(_days);
            command.Options.Add(_url);
            command.Options.Add(_token);
        }

        /// <summary>The container.</summary>
        /// <exception cref="Failure">None is named, or what is named cannot be one.</exception>
        public IContainer Open(ParseResult result, Settings settings)
        {
            return Open(settings.Get("container", result.GetValue(_container)), settings, settings.Find("url", result.GetValue(_url)));
        }

        /// <summary>The container of a rollout: the one that is named, when that is it, or the one at the rollout's URL.</summary>
        /// <param name="result">The command line.</param>
        /// <param name="settings">The settings.</param>
        /// <param name="url">The rollout's URL; a folder in the container that leads back counts as the container.</param>
        public IContainer OpenAt(ParseResult result, Settings settings, string url)
        {
            int slash = url.LastIndexOf('/');
            string root = url[(slash + 1)..].StartsWith(Fleet.BackManifest.FolderStem, StringComparison.Ordinal) ? url[..slash] : url.TrimEnd('/');
            string? named = settings.Find("container", result.GetValue(_container));
            // Of a folder that is named here, nothing but the rollout says where it is served.
            return named != null && Open(named, settings, settings.Find("url", result.GetValue(_url)) ?? root) is { } known && known.Url?.TrimEnd('/') == root ? known : Open(root, settings, root);
        }

        /// <summary>The container of a name, as the option takes it.</summary>
        /// <exception cref="Failure">What is named cannot be one.</exception>
        internal static IContainer Open(string named, Settings settings, string? url)
        {
            if (Uri.TryCreate(named, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https")
            {
                return settings.Find("storage", null) is { } account && address.Query.Length == 0 && BlobContainer.Of(account, address.Segments[^1].Trim('/')) is { } known && known.Url == named.TrimEnd('/')
                    ? known : BlobContainer.At(address);
            }

            if (named.IndexOfAny(['/', '\\']) >= 0 || named == ".")
            {
                return url == null || (Url.IsAbsolute(url) && !url.Contains('?')) ? new FolderContainer(named, url)
                    : throw new Failure(ExitCode.Usage, $"--url '{url}' is not an absolute http or https URL without a query, such as http://192.168.1.5:8080.");
            }

            return settings.Find("storage", null) is { } connection ? BlobContainer.Of(connection, named)
                : throw new Failure(ExitCode.Usage, $"'{named}' is a container's name, and no account is known: set NANOOTA_STORAGE to its connection string, give the container's URL, or write ./{named} for a folder.");
        }

        /// <summary>The query that devices read with; null when the container needs none.</summary>
        public async Task<string?> TokenAsync(ParseResult result, Settings settings, IContainer container, CancellationToken stop)
        {
            int days = result.GetValue(_days);
            if (days is < 1 or > MostDays)
            {
                throw new Failure(ExitCode.Usage, $"--days is from 1 to {MostDays}.");
            }

            return settings.Find("token", result.GetValue(_token)) switch
            {
                null => await container.ReadTokenAsync(DateTimeOffset.UtcNow.AddDays(days), stop).ConfigureAwait(false),
                "none" => null,
                { } given => given.TrimStart('?'),
            };
        }
    }
}

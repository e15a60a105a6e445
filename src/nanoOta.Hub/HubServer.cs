using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace nanoOta.Hub
{
    /// <summary>The HTTP side of a local hub: the service API, and what else is mapped beside it.</summary>
    public sealed class HubServer : IDisposable
    {
        private const int MaxConnections = 512;

        private readonly WebApplication _server;

        /// <summary>Starts to serve.</summary>
        /// <param name="hub">The hub.</param>
        /// <param name="address">Where it listens.</param>
        /// <param name="port">The TCP port; 0: any free one.</param>
        /// <param name="page">The page at <c>/</c>; null: there is none.</param>
        /// <exception cref="IOException">The port is taken.</exception>
        public HubServer(IotHub hub, IPAddress address, int port, FleetPage? page = null)
        {
            WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
            builder.Services.AddSingleton<IHostLifetime, OwnersLifetime>();
            builder.Services.AddRoutingCore();
            builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
            {
                options.AddServerHeader = false;
                options.Limits.MaxConcurrentConnections = MaxConnections;
                options.Listen(address, port);
            });
            _server = builder.Build();
            if (page != null)
            {
                _server.Use(async (context, next) =>
                {
                    if (!await page.TryAnswerAsync(context))
                    {
                        await next();
                    }
                });
            }

            _server.UseRouting();
            new RestApi(hub).Map(_server);
            LocalApi.Map(_server, hub);
            _server.Start();
            Port = new Uri(_server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
        }

        /// <summary>The TCP port.</summary>
        public int Port { get; }

        /// <inheritdoc/>
        public void Dispose()
        {
            using var now = new CancellationTokenSource(TimeSpan.Zero);
            _server.StopAsync(now.Token).GetAwaiter().GetResult();
            ((IDisposable)_server).Dispose();
        }

        // Ctrl+C is for whoever runs the hub to handle.
        private sealed class OwnersLifetime : IHostLifetime
        {
            public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

            public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        }
    }
}

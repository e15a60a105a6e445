using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using nanoOta.Hub;
using nanoOta.VirtualDevice.Cloud;
using Spectre.Console;

namespace nanoOta.Tool.Serving
{
    /// <summary>Serves updates on the LAN and tells what devices do: a live table on a terminal, otherwise lines or JSON.</summary>
    internal sealed class LanServer : IDisposable
    {
        private const int MaxPending = 1000;
        private const int MaxShown = 5000;
        private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(500);

        private readonly Output _output;
        private readonly TimeProvider _clock;
        private readonly BlockingCollection<(string Line, JsonObject Json)> _events = new(MaxPending);
        private readonly HeardDevices _devices;
        private readonly FleetBoard _board;
        private readonly FileServer _server;
        private readonly X509Certificate2? _certificate;
        private readonly TestCertificates? _authority;
        private readonly string[] _urls;
        private string _news = "";
        private string _fault = "";

        /// <summary>Starts to serve.</summary>
        /// <param name="output">Where it tells.</param>
        /// <param name="find">The content of a path; null: there is none.</param>
        /// <param name="port">The TCP port; 0: any free one.</param>
        /// <param name="authority">The folder of the test authority, for https; null: http.</param>
        /// <param name="history">What devices did before, which the server disposes of; null: as it is kept for the port.</param>
        /// <exception cref="Failure">The port is not to be had, or the authority cannot be made.</exception>
        public LanServer(Output output, Func<string, byte[]?> find, int port, string? authority, FleetHistory? history = null)
        {
            _output = output;
            _clock = TimeProvider.System;
            _devices = new HeardDevices(_clock);
            _authority = authority == null ? null : TestCertificates.In(authority);
            _certificate = _authority?.Issue();
            _board = new FleetBoard($"nanoota serve on {Dns.GetHostName()}", history ?? History(port), _clock, MaxShown);
            try
            {
                _server = new FileServer(find, new FileServerAddress(IPAddress.Any, port, _certificate)) { Served = Served, Reported = Reported, Page = new FleetPage(_board).TryAnswerAsync };
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                _board.Dispose();
                _certificate?.Dispose();
                throw new Failure(ExitCode.Usage, $"cannot listen on port {port}: {e.Message.TrimEnd('.')}. Take another one by --port N, or a free one by --port 0.");
            }

            var root = new Uri(_server.Url);
            _urls = [.. TestCertificates.Addresses().Select(address => $"{root.Scheme}://{address}:{root.Port}/")];
        }

        /// <summary>What is kept for this user: the test authority, and what <c>nanoota watch</c> packed.</summary>
        public static string UserFolder => Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "nanoota");

        /// <summary>Where devices reach it, with a trailing slash each.</summary>
        public IReadOnlyList<string> Urls => _urls;

        /// <summary>Takes what a device reported. Called by several threads.</summary>
        public Action<string, JsonObject>? Heard { get; init; }

        /// <summary>Tells something that is not of a device.</summary>
        public void Tell(string line, JsonObject json)
        {
            _events.TryAdd((line, json));
        }

        /// <summary>Serves until the token or Ctrl+C stops it.</summary>
        /// <param name="stop">Ends it.</param>
        /// <param name="work">Is done in between, twice a second at least.</param>
        public ExitCode Run(CancellationToken stop, Action? work = null)
        {
            using var end = new Interrupt(stop);
            Announce();
            if (_output.IsTerminal)
            {
                _output.Console.Live(Table()).Start(view => Loop(end.Token, work, () => view.UpdateTarget(Table())));
            }
            else
            {
                Loop(end.Token, work, () => { });
            }

            return ExitCode.Done;
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            _server.Dispose();
            _board.Dispose();
            _certificate?.Dispose();
            _events.Dispose();
        }

        private void Announce()
        {
            foreach (string url in _urls)
            {
                _output.Line($"{url}{ReleaseFolder.Latest}.json");
            }

            if (_authority != null)
            {
                _output.Line($"CA certificate: {_authority.AuthorityPath}");
            }

            _output.Line($"Page: {_urls.FirstOrDefault()}");
            _output.Line("Ctrl+C ends it.");
            var json = new JsonObject { ["event"] = "serving", ["urls"] = new JsonArray([.. _urls.Select(url => JsonValue.Create(url))]) };
            if (_authority != null)
            {
                json["ca"] = _authority.AuthorityPath;
            }

            _output.Json(json);
        }

        private void Loop(CancellationToken stop, Action? work, Action refresh)
        {
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    work?.Invoke();
                    Complain();
                    if (_events.TryTake(out (string Line, JsonObject Json) next, (int)_tick.TotalMilliseconds, stop))
                    {
                        Show(next.Line, next.Json);
                        refresh();
                    }
                }
                catch (OperationCanceledException)
                {
                    // Told to stop while waiting.
                }
            }
        }

        // Each sentence once: what fails at every look would fill the screen.
        private void Complain()
        {
            string? fault = _board.Failure?.Message.TrimEnd('.');
            if (fault != null && fault != _fault)
            {
                _fault = fault;
                Show($"The page or its history failed: {fault}. Serving goes on.", new JsonObject { ["event"] = "fault", ["error"] = fault });
            }
        }

        private void Show(string line, JsonObject json)
        {
            _news = $"{_clock.GetLocalNow():HH:mm:ss} {line}";
            _output.Json(json);
            if (!_output.IsTerminal)
            {
                _output.Line(_news);
            }
        }

        private void Served(ServedRequest request)
        {
            _devices.Asked(request);
            if (request.Path == FileServer.ReportPath || request.Status == 304)
            {
                return;
            }

            string who = DeviceReport.Printable(request.Device ?? request.Client);
            string from = request.Offset > 0 ? $" from {request.Offset}" : "";
            Tell($"{who}: {request.Status} {DeviceReport.Printable(request.Path)}{from}", new JsonObject
            {
                ["event"] = "request",
                ["device"] = request.Device,
                ["address"] = request.Client,
                ["path"] = request.Path,
                ["status"] = request.Status,
                ["offset"] = request.Offset,
            });
        }

        private bool Reported(ReceivedReport received)
        {
            if (DeviceReport.Read(received.Body) is not { } report)
            {
                return false;
            }

            HeardDevice device = _devices.Reported(received, report);
            Show(device, report.Json);
            Heard?.Invoke(device.Id, report.Json);
            Tell($"{device.Id}: {report}", new JsonObject
            {
                ["event"] = "report",
                ["device"] = device.Id,
                ["address"] = device.Client,
                ["time"] = $"{device.Heard:yyyy-MM-dd'T'HH:mm:ss'Z'}",
                ["ota"] = report.Json,
            });
            return true;
        }

        // The page keeps more devices than fit the table.
        private void Show(HeardDevice device, JsonObject ota)
        {
            _board.Set(new FleetRow(device.Id, null, null, null, true, device.Heard).With(ota));
        }

        // What devices of this port did before; a port that is any free one has no past.
        private static FleetHistory History(int port)
        {
            if (port != 0)
            {
                try
                {
                    Directory.CreateDirectory(UserFolder);
                    return new FleetHistory(Path.Combine(UserFolder, $"serve-{port}.db"));
                }
                catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
                {
                    // Serving goes before remembering.
                }
            }

            return new FleetHistory(null);
        }

        private Table Table()
        {
            Table table = new Table().Title(Markup.Escape($"{_urls.FirstOrDefault()}{ReleaseFolder.Latest}.json")).Caption(Markup.Escape(_news));
            table.AddColumns("Device", "Address", "Runs", "State", "Wanted", "Last result", "Heard");
            foreach (HeardDevice device in _devices.All)
            {
                DeviceReport? report = device.Report;
                string state = report == null ? "" : report.State == "downloading" ? $"{report.State} {report.Progress} %" : report.State;
                string[] cells = [device.Id, device.Client, report?.Current ?? "", report?.Waiting ?? state, report?.Target ?? "", report?.Last ?? "", $"{device.Heard.ToLocalTime():HH:mm:ss}"];
                table.AddRow(cells.Select(cell => new Text(cell)));
            }

            return table;
        }
    }
}

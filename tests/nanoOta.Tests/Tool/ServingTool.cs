using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using nanoOta.Tool;

namespace nanoOta.Tests.Tool
{
    /// <summary>A command that serves, in this process: what it says is read as it comes, and disposing ends it.</summary>
    internal sealed class ServingTool : IDisposable
    {
        // Longer than anything takes that is going to be said.
        private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

        private readonly CancellationTokenSource _stop = new();
        private readonly LineWriter _output = new();
        private readonly StringWriter _error = new() { NewLine = "\n" };
        private readonly Task<int> _run;

        public ServingTool(params string[] args)
            : this(terminal: false, args)
        {
        }

        public ServingTool(bool terminal, params string[] args)
        {
            _run = Task.Run(() => CommandLine.Run([.. args, "--port", "0"], _output, _error, terminal, _stop.Token));
        }

        /// <summary>Where it says it is, on the loopback address.</summary>
        public string Url => field ??= (string)Event("serving")["urls"]!.AsArray().Single(url => ((string)url!).Contains("//127.0.0.1"))!;

        /// <summary>All it has said so far.</summary>
        public string Said => _output.All;

        /// <summary>The next event of a name; those before it are passed over.</summary>
        public JsonObject Event(string name)
        {
            while (true)
            {
                JsonObject e = JsonNode.Parse(Line())!.AsObject();
                if ((string?)e["event"] == name)
                {
                    return e;
                }
            }
        }

        /// <summary>The next line.</summary>
        public string Line()
        {
            long began = Stopwatch.GetTimestamp();
            while (true)
            {
                if (_output.Lines.TryTake(out string? line, 100))
                {
                    return line;
                }

                Assert.False(_run.IsCompleted, $"It ended: {_error}");
                Assert.True(Stopwatch.GetElapsedTime(began) < _patience, $"It said no more than: {Said}");
                TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            }
        }

        /// <summary>Ends it as Ctrl+C does.</summary>
        public int Stop()
        {
            _stop.Cancel();
            return _run.GetAwaiter().GetResult();
        }

        public void Dispose()
        {
            Stop();
            _stop.Dispose();
            Assert.Equal("", _error.ToString());
        }

        private sealed class LineWriter : TextWriter
        {
            private readonly StringBuilder _all = new();
            private readonly StringBuilder _line = new();

            public override Encoding Encoding => Encoding.UTF8;

            public BlockingCollection<string> Lines { get; } = [];

            public string All
            {
                get
                {
                    lock (_all)
                    {
                        return _all.ToString();
                    }
                }
            }

            public override void Write(char value)
            {
                lock (_all)
                {
                    _all.Append(value);
                }

                if (value == '\n')
                {
                    Lines.Add(_line.ToString().TrimEnd('\r'));
                    _line.Clear();
                }
                else
                {
                    _line.Append(value);
                }
            }
        }
    }
}

using System.Diagnostics;
using System.Text;

namespace nanoOta.Servers.Tests
{
    /// <summary>A server that runs for the time of a test.</summary>
    internal sealed class ServerProcess : IDisposable
    {
        private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

        private readonly Process _process;
        private readonly StringBuilder _said = new();
        private readonly TaskCompletionSource<string> _line = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Func<string, string?> _find;

        /// <summary>Starts a program.</summary>
        /// <param name="start">The program.</param>
        /// <param name="find">Finds in a line of output what tells that it is ready.</param>
        public ServerProcess(ProcessStartInfo start, Func<string, string?> find)
        {
            _find = find;
            start.RedirectStandardOutput = true;
            start.RedirectStandardError = true;
            _process = new Process { StartInfo = start, EnableRaisingEvents = true };
            _process.OutputDataReceived += (_, e) => Read(e.Data);
            _process.ErrorDataReceived += (_, e) => Read(e.Data);
            _process.Exited += (_, _) => _line.TrySetException(new InvalidOperationException($"{start.FileName} ended."));
            _process.Start();
            _process.BeginOutputReadLine();
            _process.BeginErrorReadLine();
        }

        /// <summary>Waits until it is ready.</summary>
        /// <returns>What was found in its output.</returns>
        public string WaitUntilReady()
        {
            try
            {
                return _line.Task.WaitAsync(_patience).GetAwaiter().GetResult();
            }
            catch (Exception e) when (e is InvalidOperationException or TimeoutException)
            {
                lock (_said)
                {
                    throw new InvalidOperationException($"{e.Message} It said: {_said}");
                }
            }
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
            _process.Dispose();
        }

        private void Read(string? line)
        {
            if (line == null)
            {
                return;
            }

            lock (_said)
            {
                _said.AppendLine(line);
            }

            if (_find(line) is { } found)
            {
                _line.TrySetResult(found);
            }
        }
    }
}

using System.Runtime.InteropServices;

namespace nanoOta.Tool
{
    /// <summary>Ctrl+C, or a request of the system to end, as a token; until it is disposed of.</summary>
    internal sealed class Interrupt : IDisposable
    {
        private readonly CancellationTokenSource _end;
        private readonly PosixSignalRegistration[] _signals;

        /// <summary>Begins to listen.</summary>
        /// <param name="stop">Ends it as well.</param>
        public Interrupt(CancellationToken stop)
        {
            _end = CancellationTokenSource.CreateLinkedTokenSource(stop);
            _signals = [PosixSignalRegistration.Create(PosixSignal.SIGINT, End), PosixSignalRegistration.Create(PosixSignal.SIGTERM, End)];
        }

        /// <summary>Is cancelled when the command is to end.</summary>
        public CancellationToken Token => _end.Token;

        /// <inheritdoc/>
        public void Dispose()
        {
            Array.ForEach(_signals, signal => signal.Dispose());
            _end.Dispose();
        }

        private void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            _end.Cancel();
        }
    }
}

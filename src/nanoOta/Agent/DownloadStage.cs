// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>Brings every component of the manifest in hand into its idle slot.</summary>
    internal sealed class DownloadStage
    {
        private readonly UpdateContext _context;
        private readonly ComponentDownload _download;
        private bool _begun;
        private int _index;
        private long _done;

        internal DownloadStage(UpdateContext context)
        {
            _context = context;
            _download = new ComponentDownload(context);
        }

        /// <summary>The first step begins, or goes on where the journal says that this very update was left.</summary>
        internal void Begin()
        {
            _begun = false;
        }

        internal long Step(long now)
        {
            if (!_begun)
            {
                if (!Start())
                {
                    return StepResult.Over(ResultCode.JournalFailed);
                }

                _begun = true;
            }

            ManifestComponent[] components = _context.Manifest.Components;
            if (_index == components.Length)
            {
                return StepResult.Done;
            }

            long result = _download.Step(now);
            _context.Status.BytesDone = _done + _download.Position;
            if (result != StepResult.Done)
            {
                return result;
            }

            _done += components[_index++].Size;
            if (_index < components.Length)
            {
                _download.Begin(components[_index], _index, false);
            }

            bool saved = _index < components.Length ? _download.Checkpoint()
                : _context.Journal.Checkpoint(_index, 0, 0, _context.HashState, null);
            return saved ? StepResult.Until(now) : StepResult.Over(ResultCode.JournalFailed);
        }

        internal void Close()
        {
            _download.Close();
        }

        // False when the journal cannot be written.
        private bool Start()
        {
            Journal journal = _context.Journal;
            ManifestComponent[] components = _context.Manifest.Components;
            bool resume = journal.IsAbout(_context.Digest);
            if (!journal.PreparationBegins(_context.Digest, _context.Manifest.Counter, Crc.Of(_context.Offer.Retry)))
            {
                return false;
            }

            uint component = journal[Journal.Component];
            _index = component <= (uint)components.Length ? (int)component : 0;
            _done = 0;
            long total = 0;
            for (int i = 0; i < components.Length; i++)
            {
                total += components[i].Size;
                _done += i < _index ? components[i].Size : 0;
            }

            _context.Status.BytesTotal = total;
            if (_index < components.Length)
            {
                _download.Begin(components[_index], _index, resume);
            }

            return true;
        }
    }
}

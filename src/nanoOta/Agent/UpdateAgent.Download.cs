// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    // State Download: brings every component of the manifest in hand into its idle slot.
    public sealed partial class UpdateAgent
    {
        private readonly ComponentDownload _download;
        private bool _isDownloadBegun;
        private int _component;

        // Bytes of the components before that one.
        private long _bytesBefore;

        private long Download(long now)
        {
            if (!_isDownloadBegun)
            {
                if (!BeginDownload())
                {
                    return StepResult.Over(ResultCode.JournalFailed);
                }

                _isDownloadBegun = true;
            }

            ManifestComponent[] components = _context.Manifest.Components;
            if (_component == components.Length)
            {
                return StepResult.Done;
            }

            long result = _download.Step(now);
            _context.Status.BytesDone = _bytesBefore + _download.Position;
            if (result != StepResult.Done)
            {
                return result;
            }

            _bytesBefore += components[_component++].Size;
            if (_component < components.Length)
            {
                _download.Begin(components[_component], _component, false);
            }

            bool saved = _component < components.Length ? _download.Checkpoint()
                : _context.Journal.Checkpoint(_component, 0, 0, _context.HashState, null);
            return saved ? StepResult.Until(now) : StepResult.Over(ResultCode.JournalFailed);
        }

        // Goes on where the journal says that this very update was left. False when the journal cannot be written.
        private bool BeginDownload()
        {
            Journal journal = _context.Journal;
            ManifestComponent[] components = _context.Manifest.Components;
            bool resume = journal.IsAbout(_context.Digest);
            if (!journal.PreparationBegins(_context.Digest, _context.Manifest.Counter, Crc.Of(_context.Offer.Retry)))
            {
                return false;
            }

            uint component = journal[Journal.Component];
            _component = component <= (uint)components.Length ? (int)component : 0;
            _bytesBefore = 0;
            long total = 0;
            for (int i = 0; i < components.Length; i++)
            {
                total += components[i].Size;
                _bytesBefore += i < _component ? components[i].Size : 0;
            }

            _context.Status.BytesTotal = total;
            if (_component < components.Length)
            {
                _download.Begin(components[_component], _component, resume);
            }

            return true;
        }
    }
}

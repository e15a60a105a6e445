// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;

namespace nanoOta
{
    /// <summary>The work of Prepare: brings every component of the manifest in hand into its idle place.</summary>
    internal sealed class Preparation
    {
        private readonly UpdateContext _context;
        private readonly ComponentDownload _download;
        private bool _begun;
        private int _index;
        private long _done;
        private long _total;

        internal Preparation(UpdateContext context)
        {
            _context = context;
            _download = new ComponentDownload(context);
        }

        /// <summary>The first step begins, or goes on where the journal says that this very update was left.</summary>
        internal void Begin()
        {
            _begun = false;
        }

        internal ResultCode Step(long now)
        {
            if (!_begun)
            {
                if (!Start())
                {
                    return ResultCode.JournalFailed;
                }

                _begun = true;
            }

            ManifestComponent[] components = _context.Manifest.Components;
            if (_index == components.Length)
            {
                return ResultCode.None;
            }

            ResultCode code = _download.Step(now);
            _context.Status.Progress = (int)((_done + _download.Position) * 100 / _total);
            if (code == ResultCode.Pending)
            {
                if (_download.CanCheckpoint)
                {
                    code = Checkpoint() ? code : ResultCode.JournalFailed;
                    _download.MakeRoom();
                }

                return code;
            }

            if (code != ResultCode.None)
            {
                return code;
            }

            _done += components[_index++].Size;
            if (_index < components.Length)
            {
                _download.Begin(components[_index], false);
            }

            return Checkpoint() ? _context.Until(now) : ResultCode.JournalFailed;
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
            uint retry = Crc.Of(_context.Offer.Retry);
            bool resume = journal.IsAbout(_context.Digest);
            bool replaces = !resume && journal[Journal.Phase] != Journal.Idle;
            if (!resume)
            {
                Array.Copy(_context.Digest, 0, journal.Record, Journal.Digest, Sha256.DigestLength);
                journal.PutText(Journal.Version, _context.Version);
                journal[Journal.Phase] = Journal.Preparing;
                journal[Journal.Counter] = _context.Manifest.Counter;
                journal[Journal.Component] = 0;
                journal[Journal.Offset] = 0;
            }

            if (!resume || journal[Journal.Retry] != retry)
            {
                journal[Journal.Retry] = retry;
                journal[Journal.Activations] = 0;
                journal[Journal.ContactFailures] = 0;
            }

            uint component = journal[Journal.Component];
            _index = component <= (uint)components.Length ? (int)component : 0;
            _done = 0;
            _total = 0;
            for (int i = 0; i < components.Length; i++)
            {
                _total += components[i].Size;
                _done += i < _index ? components[i].Size : 0;
            }

            if (_index < components.Length)
            {
                _download.Begin(components[_index], resume);
            }

            // What the journal has of another update is no longer there from the first erase on.
            return !replaces || journal.Save();
        }

        private bool Checkpoint()
        {
            _context.Journal[Journal.Component] = (uint)_index;
            _download.Checkpoint();
            return _context.Journal.Save();
        }
    }
}

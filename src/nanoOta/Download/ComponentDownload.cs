// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>
    /// Streams one component from its mirrors into its place: each block is written, hashed, and now and then checkpointed in the
    /// journal, in this order, so that what the journal says lies in the flash. Nothing is allocated from block to block.
    /// </summary>
    internal sealed class ComponentDownload
    {
        private const int RateMilliseconds = 30000;

        private readonly UpdateContext _context;
        private ManifestComponent _component;
        private IUpdateModule _module;
        private bool _moduleOpen;
        private bool _connected;
        private bool _stitched;
        private bool _startedOver;
        private bool _isWhole;
        private bool _ignoresRanges;

        // Position counts what is written and hashed; behind it, filled bytes wait in the buffer.
        private int _position;
        private int _filled;
        private int _skip;
        private int _mirror;
        private int _hopeless;
        private uint _tag;
        private long _retryAt;
        private long _rateSince;
        private int _rateBytes;

        internal ComponentDownload(UpdateContext context)
        {
            _context = context;
        }

        /// <summary>Bytes of the component that lie in its place and are hashed.</summary>
        internal int Position => _position;

        /// <summary>Whether the download may be gone on with from here after a reboot.</summary>
        internal bool CanCheckpoint => _position < _component.Size && Unsaved >= _context.Options.CheckpointInterval;

        /// <summary>Bytes written since the last checkpoint.</summary>
        internal int Unsaved { get; private set; }

        /// <summary>Begins a component, or goes on where the journal's checkpoint is.</summary>
        internal void Begin(ManifestComponent component, bool resume)
        {
            _component = component;
            _module = _context.ModuleFor(component.Id);
            _context.Backoff.Succeeded();
            _startedOver = false;
            _ignoresRanges = false;
            _hopeless = 0;
            _mirror = 0;
            Restart();
            Journal journal = _context.Journal;
            uint offset = journal[Journal.Offset];
            if (resume && offset > 0 && offset < (uint)component.Size && offset % UpdateContext.BlockLength == 0)
            {
                _context.Hash.Import(journal.Record, Journal.HashState);
                _position = (int)offset;
                _mirror = (int)(journal[Journal.Mirror] % (uint)component.Urls.Length);
                _tag = journal[Journal.Tag];
                _stitched = true;
            }
        }

        /// <summary>One read from the network, and perhaps one write to the flash.</summary>
        internal ResultCode Step(long now)
        {
            if (now < _retryAt)
            {
                return _context.Until(_retryAt);
            }

            if (!_moduleOpen)
            {
                ResultCode opened = _module.Prepare(_component, _position);
                _moduleOpen = opened == ResultCode.None;
                return _moduleOpen ? _context.Until(now) : opened;
            }

            if (_position == _component.Size)
            {
                return Finish(now);
            }

            ResultCode code = _connected ? Read(now) : Connect(now);
            if (code == ResultCode.None)
            {
                return _context.Until(now);
            }

            return DownloadErrors.IsOfTheNetwork(code) ? TryAgain(code, now) : code;
        }

        internal void Close()
        {
            Disconnect();
            if (_moduleOpen)
            {
                _moduleOpen = false;
                _module.Close();
            }
        }

        /// <summary>
        /// Lets the channel have its turn where there is room for one session only; the next step goes on. A server that sends all
        /// from the start each time is not left for that, nor one that is to send all in one go.
        /// </summary>
        internal void MakeRoom()
        {
            if (_context.Options.PauseChannelWhileDownloading && !_ignoresRanges && !_startedOver)
            {
                Disconnect();
            }
        }

        /// <summary>Saves how far the component has come, as part of the journal's next record.</summary>
        internal void Checkpoint()
        {
            Journal journal = _context.Journal;
            journal[Journal.Offset] = (uint)_position;
            journal[Journal.Mirror] = (uint)_mirror;
            journal[Journal.Tag] = _tag;
            _context.Hash.Export(journal.Record, Journal.HashState);
            Unsaved = 0;
        }

        private void Restart()
        {
            Close();
            _position = 0;
            _filled = 0;
            _tag = 0;
            _stitched = false;
            _isWhole = false;
            _retryAt = 0;
            Unsaved = 0;
            _context.Hash.Reset();
        }

        private void Disconnect()
        {
            if (_connected)
            {
                _connected = false;
                _context.CloseSource();
            }
        }

        private ResultCode Connect(long now)
        {
            IImageSource source = _context.Source;
            int offset = _position + _filled;
            ResultCode code = _context.OpenSource(_context.UrlOf(_component.Urls[_mirror]), offset);
            if (code != ResultCode.None)
            {
                return code;
            }

            _connected = true;
            _rateSince = now;
            _rateBytes = 0;
            if (source.Length >= 0 && source.Length != _component.Size)
            {
                return ResultCode.SizeMismatch;
            }

            if (offset > 0)
            {
                if (_tag != 0 && source.Tag != _tag)
                {
                    return ResultCode.FileChanged;
                }

                // Without a tag, what came before may have been of another file.
                _stitched |= _tag == 0;
            }

            // A server without ranges begins at the start: what is there already is passed over.
            _skip = offset - source.Offset;
            _ignoresRanges = _skip > 0;
            _tag = source.Tag;
            return ResultCode.None;
        }

        private ResultCode Read(long now)
        {
            byte[] buffer = _context.Buffer;
            int missing = _component.Size - _position;
            int end = missing < buffer.Length ? missing : buffer.Length;
            int count = end - _filled;
            if (_skip > 0 && _skip < count)
            {
                count = _skip;
            }

            ResultCode code = _context.Source.Read(buffer, _filled, count, out int read);
            if (code != ResultCode.None)
            {
                return code;
            }

            if (read == 0)
            {
                return ResultCode.ConnectionLost;
            }

            _rateBytes += read;
            if (_skip > 0)
            {
                _skip -= read;
            }
            else
            {
                _filled += read;
                code = _filled == end ? WriteBlock() : ResultCode.None;
            }

            return code == ResultCode.None && IsTooSlow(now) ? ResultCode.TooSlow : code;
        }

        private ResultCode WriteBlock()
        {
            byte[] buffer = _context.Buffer;
            ResultCode code = _module.Write(buffer, _filled);
            if (code != ResultCode.None)
            {
                return code;
            }

            _context.Hash.Append(buffer, 0, _filled);
            _position += _filled;
            Unsaved += _filled;
            _filled = 0;
            _hopeless = 0;
            _context.Backoff.Succeeded();
            _context.Status.Waiting = ResultCode.None;
            return ResultCode.None;
        }

        private bool IsTooSlow(long now)
        {
            if (now - _rateSince < RateMilliseconds)
            {
                return false;
            }

            bool slow = _rateBytes < _context.Options.MinimumRate * (RateMilliseconds / 1000);
            _rateSince = now;
            _rateBytes = 0;
            return slow;
        }

        private ResultCode Finish(long now)
        {
            if (!_isWhole)
            {
                // Without a length announced, only the next read tells whether the body ends where it should.
                int more = 0;
                if (_connected && _context.Source.Length < 0)
                {
                    _context.Source.Read(_context.Buffer, 0, 1, out more);
                }

                Disconnect();
                _context.Hash.Finish(_context.Buffer, 0);
                if (more > 0)
                {
                    return ResultCode.SizeMismatch;
                }

                if (!Bytes.Equal(_context.Buffer, 0, _component.Sha256, 0, Sha256.DigestLength))
                {
                    // Parts of two files may have been put together: once more, in one go.
                    return _stitched ? StartOver(ResultCode.HashMismatch, now) : ResultCode.HashMismatch;
                }

                _isWhole = true;
            }

            ResultCode code = _module.Finish();
            if (code == ResultCode.Pending)
            {
                return _context.Until(now);
            }

            Close();
            return code;
        }

        private ResultCode StartOver(ResultCode code, long now)
        {
            if (_startedOver)
            {
                return code;
            }

            _startedOver = true;
            bool hadCheckpoint = _context.Journal[Journal.Offset] != 0;
            Restart();
            Checkpoint();

            // Nor may a reboot go on behind what is about to be erased.
            return !hadCheckpoint || _context.Journal.Save() ? _context.Until(now) : ResultCode.JournalFailed;
        }

        private ResultCode TryAgain(ResultCode code, long now)
        {
            int mirrors = _component.Urls.Length;
            int asked = _context.Source.RetryAfter;
            Disconnect();
            if ((code == ResultCode.FileChanged || code == ResultCode.RangeMismatch) && !_startedOver)
            {
                return StartOver(code, now);
            }

            if (!DownloadErrors.IsWorthRetrying(code))
            {
                _hopeless |= 1 << _mirror;
            }

            if (_hopeless == (1 << mirrors) - 1 || _context.Backoff.Failures + 1 >= _context.Options.MaxTries)
            {
                return code;
            }

            do
            {
                _mirror = (_mirror + 1) % mirrors;
            }
            while ((_hopeless & (1 << _mirror)) != 0);

            // Tags of different servers do not compare.
            _tag = mirrors > 1 ? 0 : _tag;
            _retryAt = now + _context.Backoff.Failed(asked);
            return _context.WaitFor(code, _retryAt);
        }
    }
}

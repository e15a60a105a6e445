// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>
    /// Streams one component from its mirrors into its slot: each block is written, hashed, and every so many bytes a checkpoint goes into
    /// the journal, in this order, so that what the journal says lies in the flash. Nothing is allocated from block to block. The hash
    /// decides: validators and ranges only save bytes.
    /// </summary>
    internal sealed class ComponentDownload
    {
        private const int RateMilliseconds = 30000;

        private readonly UpdateContext _context;
        private ManifestComponent _component;
        private UpdateModule _module;
        private int _index;
        private bool _moduleOpen;

        // Whether the idle slot is looked through for the component before a byte is fetched, and whether it was found there.
        private bool _isSearching;
        private bool _isFound;

        // Whether the bytes may come from several origins: a delta began the component.
        private bool _isRebuilt;

        // Whether the bytes may be of several files: they came by several answers, and no validator proves what these have in common.
        private bool _spansRequests;
        private bool _ignoresTags;
        private bool _isVerified;

        // A server that refuses ranges is asked without; what is there already is passed over then.
        private bool _refusesRanges;

        // Behind what is written and hashed, filled bytes wait in the buffer.
        private int _filled;
        private int _skip;
        private int _mirror;
        private uint _tag;
        private int _unsaved;
        private long _rateSince;
        private int _rateBytes;

        internal ComponentDownload(UpdateContext context)
        {
            _context = context;
        }

        /// <summary>Bytes of the component that lie in its slot and are hashed.</summary>
        internal int Position;

        /// <summary>Begins a component, or goes on where the journal's checkpoint is.</summary>
        internal void Begin(ManifestComponent component, int index, bool resume)
        {
            _component = component;
            _index = index;
            _module = _context.ModuleFor(component.Id);

            // The gates judged it. Without a key, nothing is decrypted, and the image's hash is wrong.
            _context.BeginDecryption(component);
            _context.Tries.Succeeded();
            _ignoresTags = false;
            _refusesRanges = false;
            _context.IsWhole = false;
            _mirror = 0;
            Restart();
            Journal journal = _context.Journal;
            uint offset = journal[Journal.Offset];
            if (resume && offset > 0 && offset < (uint)component.Size && offset % UpdateContext.BlockLength == 0)
            {
                journal.CopyTo(_context.HashState, Journal.HashState);
                Position = (int)offset;
                _tag = journal[Journal.Tag];
                _spansRequests = true;
            }
            else
            {
                _isSearching = _module.MayHold(component);
            }

            ImageDelta delta = _context.Delta;
            if (delta != null)
            {
                System.Array.Clear(delta.State, 0, ImageDelta.StateLength);
                if (resume)
                {
                    journal.CopyTo(delta.State, Journal.DeltaState);
                }

                delta.IsOn = _isRebuilt = !delta.IsGivenUp && delta.Begin(_context, component, _module, Position);
            }
        }

        /// <summary>One read from the network, and perhaps one write to the flash.</summary>
        internal long Step(long now)
        {
            if (_isSearching)
            {
                Search();
                return StepResult.Until(now);
            }

            if (!_moduleOpen)
            {
                ResultCode opened = _module.Prepare(_component, Position);
                _moduleOpen = opened == ResultCode.None;
                return _moduleOpen ? StepResult.Until(now) : StepResult.Over(opened);
            }

            if (Position == _component.Size)
            {
                return Finish(now);
            }

            ResultCode code = _context.IsOpen ? Read(now) : Connect(now);
            return code == ResultCode.None ? AfterRead(now) : AfterFailure(code, now);
        }

        internal void Close()
        {
            _context.CloseSource();
            if (_context.Delta != null)
            {
                _context.Delta.IsOn = false;
            }

            if (_moduleOpen)
            {
                _moduleOpen = false;
                _module.Close();
            }
        }

        /// <summary>Saves how far the component has come.</summary>
        /// <returns>False when the journal cannot be written.</returns>
        internal bool Checkpoint()
        {
            _unsaved = 0;
            if (_context.UsesDelta)
            {
                _context.Delta.SaveState();
            }

            return _context.Journal.Checkpoint(_index, Position, _tag, _context.HashState, _context.Delta);
        }

        private void Restart()
        {
            Close();
            Position = 0;
            _filled = 0;
            _tag = 0;
            _spansRequests = false;
            _isVerified = false;
            _isSearching = false;
            _isFound = false;
            _isRebuilt = false;
            _unsaved = 0;
            _context.SlotHash.Begin();
        }

        // One step of looking whether the idle slot holds the component already: it may be the version before, or a download whose
        // journal was lost.
        private void Search()
        {
            ResultCode code = _context.SlotHash.Step(_component);
            _isSearching = code == ResultCode.Pending;
            if (_isSearching)
            {
                return;
            }

            _isFound = code == ResultCode.None && _module.Prepare(_component, _component.Size) == ResultCode.None;
            _moduleOpen = _isFound;
            _isVerified = _isFound;
            Position = _isFound ? _component.Size : 0;
            _context.SlotHash.Begin();
        }

        private ResultCode Connect(long now)
        {
            IImageSource source = _context.Source;
            int offset = Position + _filled;
            ResultCode code = _context.OpenSource(_context.UrlOf(_component.Urls[_mirror]), _refusesRanges ? 0 : offset, now);
            if (code != ResultCode.None)
            {
                return code;
            }

            _rateSince = now;
            _rateBytes = 0;
            if (source.Length >= 0 && source.Length != _component.Size)
            {
                return ResultCode.SizeMismatch;
            }

            // A server without ranges begins at the start: what is there already is passed over.
            _skip = offset - source.Offset;
            _context.IsWhole |= _skip > 0;
            _spansRequests |= offset > 0;
            bool isOther = offset > 0 && _tag != 0 && source.Tag != 0 && source.Tag != _tag && !_ignoresTags;
            _tag = source.Tag;
            return isOther ? ResultCode.FileChanged : ResultCode.None;
        }

        private ResultCode Read(long now)
        {
            byte[] buffer = _context.Buffer;
            int missing = _component.Size - Position;
            int end = missing < buffer.Length ? missing : buffer.Length;
            int count = end - _filled;
            if (_skip > 0 && _skip < count)
            {
                count = _skip;
            }

            ResultCode code = _context.Source.Read(buffer, _filled, count, out int read);
            if (code != ResultCode.None && code != ResultCode.Pending)
            {
                return code;
            }

            if (read == 0 && code == ResultCode.None)
            {
                return ResultCode.ConnectionLost;
            }

            code = ResultCode.None;
            _rateBytes += read;
            if (!_context.UsesDelta)
            {
                _context.Status.BytesFetched += read;
            }

            if (_skip > 0)
            {
                _skip -= read;
            }
            else
            {
                if (_component.Encryption != null && !_context.UsesDelta)
                {
                    _context.Options.Decryption.Decrypt(buffer, _filled, read, Position + _filled);
                }

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

            _context.Hasher.Append(_context.HashState, 0, buffer, 0, _filled);
            Position += _filled;
            _unsaved += _filled;
            _filled = 0;
            _context.Tries.Succeeded();
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

        private long AfterRead(long now)
        {
            bool isDue = _unsaved >= _context.Options.CheckpointInterval && Position < _component.Size;
            return !isDue || Checkpoint() ? StepResult.Until(now) : StepResult.Over(ResultCode.JournalFailed);
        }

        private long AfterFailure(ResultCode code, long now)
        {
            bool isContent = Position == 0 && RetryRule.IsOfImage(code);
            if (!isContent && !RetryRule.IsOfNetwork(code))
            {
                return StepResult.Over(code);
            }

            if (_isRebuilt && code >= ResultCode.PatchMalformed)
            {
                return FetchWhole(isContent ? ResultCode.RebuildMismatch : code, now);
            }

            if (code == ResultCode.FileChanged && !_ignoresTags)
            {
                // Once more from the start; if the tag changes again, it says nothing of the file.
                _ignoresTags = true;
                return StartOver(code, now);
            }

            bool isAnswer = code == ResultCode.RangeMismatch || code == ResultCode.AccessDenied || code == ResultCode.NotFound;
            if (isAnswer && Position + _filled > 0 && !_context.UsesDelta)
            {
                _refusesRanges = !_refusesRanges;
            }

            if (isContent)
            {
                // The module judges the first block again, and only when it is prepared anew.
                Restart();
            }

            // Tags of different servers do not compare.
            int mirrors = _component.Urls.Length;
            _mirror = (_mirror + 1) % mirrors;
            _tag = mirrors > 1 ? 0 : _tag;
            return _context.TryAgain(code, now);
        }

        private long Finish(long now)
        {
            if (!_isVerified)
            {
                // Without a length announced, only the next read tells whether the body ends where it should.
                int more = 0;
                if (_context.IsOpen && _context.Source.Length < 0)
                {
                    _context.Source.Read(_context.Buffer, 0, 1, out more);
                }

                _context.CloseSource();
                _context.Hasher.Finish(_context.HashState, 0, _context.Buffer, 0);
                if (more > 0 || !Bytes.Equal(_context.Buffer, 0, _component.Sha256, 0, Sha256.DigestLength))
                {
                    if (_isRebuilt)
                    {
                        return FetchWhole(ResultCode.RebuildMismatch, now);
                    }

                    if (_spansRequests && !_context.IsWhole)
                    {
                        // Parts of two files may have been put together: once more, in one go.
                        _context.IsWhole = true;
                        return StartOver(ResultCode.HashMismatch, now);
                    }

                    return StepResult.Over(more > 0 ? ResultCode.SizeMismatch : ResultCode.HashMismatch);
                }

                _isVerified = true;
            }

            ResultCode code = _module.Finish();
            if (code == ResultCode.Pending)
            {
                return StepResult.Until(now);
            }

            if (_isFound && code != ResultCode.None)
            {
                // Something else lies behind it that cannot be erased without it: it is fetched after all.
                Restart();
                return StepResult.Until(now);
            }

            Close();
            return StepResult.Over(code);
        }

        private long FetchWhole(ResultCode reason, long now)
        {
            _context.Delta.GiveUp();
            return StartOver(reason, now);
        }

        private long StartOver(ResultCode reason, long now)
        {
            bool hadCheckpoint = _context.Journal[Journal.Offset] != 0;
            Restart();

            // Nor may a reboot go on behind what is about to be erased.
            return !hadCheckpoint || Checkpoint() ? StepResult.WaitFor(reason, now) : StepResult.Over(ResultCode.JournalFailed);
        }
    }
}

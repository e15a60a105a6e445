// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>
    /// Fetches only what has changed of a deployment: <c>options.Delta = new AssemblyDelta();</c> before the agent is made. Assemblies that the active
    /// slot holds are copied from there. The others come from a patch, where the manifest names one for what the device runs, and otherwise in
    /// ranges of the image's file. Where the manifest does not name the assemblies, or the server has no ranges, the image comes as a whole.
    /// </summary>
    public sealed class AssemblyDelta : ImageDelta, IImageSource
    {
        // A patch may be missing or its host down: then the assemblies come in ranges.
        private const int MaxPatchFailures = 3;

        private const int MarkAt = 18;

        private readonly DeltaPlan _plan = new DeltaPlan();
        private readonly PatchDecoder _decoder;
        private UpdateContext _context;
        private ManifestComponent _component;
        private UpdateModule _module;
        private string _url;
        private int _part;
        private bool _usesPatch;
        private int _patchFailures;
        private int _refusals;
        private bool _isOpen;

        // Up to there in the image the open range reaches.
        private int _rangeEnd;

        /// <summary>Makes it. It needs 2 KB of memory, and half a kilobyte more for each 20 assemblies.</summary>
        public AssemblyDelta()
        {
            _decoder = new PatchDecoder(_plan);
            Source = this;
        }

        /// <inheritdoc/>
        public int Length => _component.Size;

        /// <inheritdoc/>
        public int Offset => _decoder.At;

        /// <inheritdoc/>
        public uint Tag => 0;

        /// <inheritdoc/>
        public int RetryAfter => _context.Files.RetryAfter;

        internal override bool Begin(UpdateContext context, ManifestComponent component, UpdateModule module, int position)
        {
            _context = context;
            _component = component;
            _module = module;
            _patchFailures = 0;
            _refusals = 0;
            _rangeEnd = 0;
            _isOpen = false;
            if (!_plan.Make(context, component, module, _decoder.Piece))
            {
                return false;
            }

            _decoder.At = position;
            _decoder.PartStart = 0;
            _decoder.PartEnd = _plan.SizeOf(0);
            for (_part = 0; _decoder.PartEnd <= position && _part < _plan.Count - 1;)
            {
                NextPart();
            }

            // Behind the image's beginning, a patch is gone on with when it was begun with, and with the same one.
            _usesPatch = _plan.Patch != 0 && (State[MarkAt] == _plan.Patch || (position == 0 && State[MarkAt] == 0))
                && _decoder.Load(State, _plan.SourceOf(_part) < 0);
            return true;
        }

        internal override void SaveState()
        {
            _decoder.Save(State);
            State[MarkAt] = _usesPatch ? (byte)_plan.Patch : (byte)0;
        }

        /// <inheritdoc/>
        public ResultCode Open(string url, int offset, int count)
        {
            _url = url;
            return offset == _decoder.At ? ResultCode.None : ResultCode.BadResponse;
        }

        /// <inheritdoc/>
        public ResultCode Read(byte[] buffer, int offset, int count, out int read)
        {
            read = 0;
            if (_decoder.At == _decoder.PartEnd)
            {
                NextPart();
            }

            int left = _decoder.PartEnd - _decoder.At;
            count = count < left ? count : left;
            if (_decoder.At < _rangeEnd)
            {
                ResultCode code = _context.Files.Read(buffer, offset, count, out read);
                if (_component.Encryption != null)
                {
                    _context.Options.Decryption.Decrypt(buffer, offset, read, _decoder.At);
                }

                _context.Status.BytesFetched += read;
                _decoder.At += read;
                return code;
            }

            int source = _plan.SourceOf(_part);
            return source >= 0 ? Copy(source + _decoder.At - _decoder.PartStart, buffer, offset, count, out read)
                : _usesPatch ? Patch(buffer, offset, count, out read) : OpenRange();
        }

        /// <inheritdoc/>
        public void Close()
        {
            _rangeEnd = 0;
            _decoder.Forget();
            if (_isOpen)
            {
                _isOpen = false;
                _context.Files.Close();
            }
        }

        private void NextPart()
        {
            _part++;
            _decoder.PartStart = _decoder.PartEnd;
            _decoder.PartEnd += _plan.SizeOf(_part);
        }

        private ResultCode Copy(int from, byte[] buffer, int offset, int count, out int read)
        {
            byte[] to = offset == 0 ? buffer : _decoder.Piece;
            read = count < to.Length ? count : to.Length;
            ResultCode code = _module.ReadActive(_component, from, to, read);
            if (code != ResultCode.None)
            {
                // What cannot be read is fetched.
                read = 0;
                return ResultCode.RebuildMismatch;
            }

            if (offset > 0)
            {
                System.Array.Copy(to, 0, buffer, offset, read);
            }

            _decoder.At += read;
            _context.Status.BytesCopied += read;
            return ResultCode.None;
        }

        // At most one request or one read from the network.
        private ResultCode Patch(byte[] buffer, int offset, int count, out int read)
        {
            ResultCode code = _decoder.Decode(_component, _module, buffer, offset, count, out read);
            _context.Status.BytesPatched += read;
            if (code != ResultCode.None)
            {
                return code == ResultCode.PatchMalformed ? code : ResultCode.RebuildMismatch;
            }

            if (read > 0)
            {
                _patchFailures = 0;
                bool isOver = _decoder.At == _component.Size;
                return isOver && _decoder.Position != _plan.PatchSize ? ResultCode.PatchMalformed : ResultCode.None;
            }

            code = _isOpen ? _decoder.Fill(_context.Files, _context.Status) : OpenPatch();
            if (code == ResultCode.None)
            {
                return ResultCode.Pending;
            }

            bool mayPass = code < ResultCode.AccessDenied || code == ResultCode.ServerBusy || code == ResultCode.ServerError;
            if (code == ResultCode.PatchMalformed || (mayPass && ++_patchFailures < MaxPatchFailures))
            {
                return code;
            }

            // Without the patch, the assemblies that are not there come in ranges.
            _usesPatch = false;
            Close();
            return ResultCode.Pending;
        }

        private ResultCode OpenPatch()
        {
            int position = _decoder.Position;
            IImageSource files = _context.Files;
            ResultCode code = files.Open(_plan.PatchUrl, position, position > 0 ? _plan.PatchSize - position : 0);
            _isOpen = code == ResultCode.None;
            if (!_isOpen)
            {
                return code;
            }

            return files.Offset != position ? ResultCode.RangeMismatch
                : files.Length >= 0 && files.Length != _plan.PatchSize ? ResultCode.SizeMismatch : ResultCode.None;
        }

        private ResultCode OpenRange()
        {
            int end = FindRangeEnd();
            Close();
            IImageSource files = _context.Files;
            ResultCode code = files.Open(_url, _decoder.At, end - _decoder.At);
            _isOpen = code == ResultCode.None;
            if (_isOpen && files.Length >= 0 && files.Length != _component.Size)
            {
                return ResultCode.SizeMismatch;
            }

            if (_isOpen && files.Offset == _decoder.At)
            {
                _rangeEnd = end;
                _refusals = 0;
                return ResultCode.Pending;
            }

            // A server without ranges may refuse them in several ways: the second time, it is asked for the whole file.
            bool isRefused = code == ResultCode.AccessDenied || code == ResultCode.NotFound;
            if (_isOpen || code == ResultCode.RangeMismatch || (isRefused && ++_refusals > 1))
            {
                IsOn = false;
                return ResultCode.RangeMismatch;
            }

            return code;
        }

        // The parts behind this one that are not there either, and short ones between them that are.
        private int FindRangeEnd()
        {
            int at = _decoder.PartEnd;
            int end = at;
            for (int part = _part + 1; part < _plan.Count && at - end <= DeltaPlan.LongestGap; part++)
            {
                at += _plan.SizeOf(part);
                end = _plan.SourceOf(part) < 0 ? at : end;
            }

            return end;
        }
    }
}

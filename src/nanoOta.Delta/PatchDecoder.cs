// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>
    /// Decodes a patch: for each piece of an assembly that the predecessor does not hold, a head of 8 bytes and a standard LZ4
    /// block, or the piece itself. The window is read from the flash: the predecessor's assembly from the active slot, the piece as far as it
    /// is written from the idle one. It can stop behind any byte of its output and go on there after a reboot. Every number in a patch is
    /// judged before it is used.
    /// </summary>
    internal sealed class PatchDecoder
    {
        private const int HeadLength = 8;
        private const int NoDictionary = 0xFFFF;

        // A piece has a record of its own, and in its dictionary reaches at most so far beyond its own beginning.
        private const int PieceLength = 32768;
        private const int DictionaryReach = 49152;

        // LZ4 ends each block with literals, at least so many, and begins no match in the last twelve bytes.
        private const int LastLiterals = 5;
        private const int LastMatch = 12;

        internal const int BufferLength = 512;

        // What comes next. Each is left when it is complete.
        private const int Head = 0;
        private const int Token = 1;
        private const int MoreLiterals = 2;
        private const int Literals = 3;
        private const int DistanceLow = 4;
        private const int DistanceHigh = 5;
        private const int MoreMatch = 6;
        private const int Match = 7;

        private readonly byte[] _input = new byte[BufferLength];
        private readonly byte[] _piece = new byte[BufferLength];
        private readonly DeltaPlan _plan;
        private int _start;
        private int _filled;

        // The state that a checkpoint keeps.
        private int _stage;
        private int _token;
        private int _run;
        private int _distance;
        private int _dictionary;
        private int _recordEnd;

        // Where the piece begins that is being put out, in the image.
        private int _pieceStart;

        internal PatchDecoder(DeltaPlan plan)
        {
            _plan = plan;
        }

        /// <summary>Where the next byte of the patch is that has not been used.</summary>
        internal int Position;

        /// <summary>Where the part begins that is being put out, in the image.</summary>
        internal int PartStart;

        /// <summary>Where it ends.</summary>
        internal int PartEnd;

        /// <summary>Where the next byte that is put out goes, in the image.</summary>
        internal int At;

        /// <summary>A buffer of <see cref="BufferLength"/> bytes that is free between two calls.</summary>
        internal byte[] Piece => _piece;

        /// <summary>Goes on where a checkpoint was; position and part are set.</summary>
        /// <param name="state">What <see cref="Save"/> saved.</param>
        /// <param name="inRecord">Whether the part that is being put out comes from the patch.</param>
        /// <returns>False when the state is not of this patch.</returns>
        internal bool Load(byte[] state, bool inRecord)
        {
            Position = (int)Bytes.GetUInt32(state, 0);
            _recordEnd = (int)Bytes.GetUInt32(state, 4);
            _run = (int)Bytes.GetUInt32(state, 8);
            uint match = Bytes.GetUInt32(state, 12);
            _distance = (int)(match & 0xFFFF);
            _dictionary = (int)(match >> 16);
            _stage = state[16];
            _token = state[17];
            Forget();
            int inPiece = (At - PartStart) % PieceLength;
            _pieceStart = At - inPiece;
            bool isSound = _stage == Head ? !inRecord || inPiece == 0
                : inRecord && _stage <= Match && _recordEnd <= _plan.PatchSize && (uint)_run <= (uint)(PieceEnd - At)
                && (_run > 0 || (_stage != Literals && _stage != Match)) && (_dictionary < _plan.OldCount || _dictionary == NoDictionary);
            return isSound && Position >= 0 && Position <= _plan.PatchSize;
        }

        internal void Save(byte[] state)
        {
            Bytes.PutUInt32(state, 0, (uint)Position);
            Bytes.PutUInt32(state, 4, (uint)_recordEnd);
            Bytes.PutUInt32(state, 8, (uint)_run);
            Bytes.PutUInt32(state, 12, (uint)(_distance | (_dictionary << 16)));
            state[16] = (byte)_stage;
            state[17] = (byte)_token;
        }

        /// <summary>Forgets what was fetched beyond <see cref="Position"/>.</summary>
        internal void Forget()
        {
            _start = 0;
            _filled = 0;
        }

        /// <summary>Fetches what comes next of the patch.</summary>
        /// <returns><see cref="ResultCode.None"/>, or one of the download's codes.</returns>
        internal ResultCode Fill(IImageSource source, UpdateStatus status)
        {
            // A head may lie across the end of what was fetched.
            System.Array.Copy(_input, _start, _input, 0, _filled - _start);
            _filled -= _start;
            _start = 0;
            int missing = _plan.PatchSize - Position - _filled;
            int room = BufferLength - _filled;
            if (missing <= 0)
            {
                return ResultCode.PatchMalformed;
            }

            ResultCode code = source.Read(_input, _filled, missing < room ? missing : room, out int read);
            _filled += read;
            status.BytesFetched += read;
            return read == 0 && code == ResultCode.None ? ResultCode.ConnectionLost : code;
        }

        /// <summary>Puts out as much as can be made of what was fetched.</summary>
        /// <param name="component">The image.</param>
        /// <param name="module">Reads both slots.</param>
        /// <param name="buffer">Receives the bytes; holds, before them, what was put out since the last write to the idle slot.</param>
        /// <param name="offset">Where they go.</param>
        /// <param name="count">How many at the most; no more than the part still lacks.</param>
        /// <param name="read">Receives how many came; fewer than asked for when more must be fetched.</param>
        /// <returns><see cref="ResultCode.None"/>, <see cref="ResultCode.PatchMalformed"/>, or why a slot cannot be read.</returns>
        internal ResultCode Decode(ManifestComponent component, UpdateModule module, byte[] buffer, int offset, int count, out int read)
        {
            ResultCode code = ResultCode.None;
            read = 0;
            while (read < count && code == ResultCode.None)
            {
                int made = 0;
                if (_stage == Match)
                {
                    code = CopyMatch(component, module, buffer, offset + read, count - read, out made);
                }
                else if (_filled - _start < (_stage == Head ? HeadLength : 1))
                {
                    return Position + (_filled - _start) < _plan.PatchSize ? ResultCode.None : ResultCode.PatchMalformed;
                }
                else if (_stage == Literals)
                {
                    made = Least(_run, count - read, _filled - _start);
                    System.Array.Copy(_input, _start, buffer, offset + read, made);
                    Use(made);
                }
                else
                {
                    code = _stage == Head ? ReadHead() : ReadByte();
                }

                read += made;
                At += made;
                _run -= made;
                if (made > 0 && _run == 0)
                {
                    // A record ends where its piece does, and with literals.
                    bool isLast = _stage == Literals && Position == _recordEnd;
                    _stage = isLast ? Head : _stage == Literals ? DistanceLow : Token;
                    code = isLast == (At == PieceEnd) ? code : ResultCode.PatchMalformed;
                }
            }

            return code;
        }

        private int PieceEnd => PartEnd - _pieceStart < PieceLength ? PartEnd : _pieceStart + PieceLength;

        private ResultCode ReadHead()
        {
            int at = _start;
            int method = _input[at + 2];
            uint length = Bytes.GetUInt32(_input, at + 4);
            _dictionary = _input[at] | (_input[at + 1] << 8);
            Use(HeadLength);
            bool isSound = method <= 1 && _input[at + 3] == 0 && length > 0 && length <= (uint)(_plan.PatchSize - Position)
                && (_dictionary == NoDictionary || (method != 0 && _dictionary < _plan.OldCount));
            if (!isSound)
            {
                return ResultCode.PatchMalformed;
            }

            _pieceStart = At;
            _recordEnd = Position + (int)length;
            _stage = method == 0 ? Literals : Token;
            _run = (int)length;
            return method == 0 ? CheckRun(0) : ResultCode.None;
        }

        private ResultCode ReadByte()
        {
            int value = _input[_start];
            Use(1);
            switch (_stage)
            {
                case Token:
                    _token = value & 15;
                    _run = value >> 4;
                    _stage = _run == 15 ? MoreLiterals : _run > 0 ? Literals : DistanceLow;
                    break;
                case MoreLiterals:
                    _run += value;
                    _stage = value == 255 ? MoreLiterals : Literals;
                    break;
                case DistanceLow:
                    _distance = value;
                    _stage = DistanceHigh;
                    return CheckRun(LastMatch);
                case DistanceHigh:
                    _distance |= value << 8;
                    _run = _token + 4;
                    _stage = _token == 15 ? MoreMatch : Match;
                    return _distance == 0 ? ResultCode.PatchMalformed : CheckRun(LastLiterals);
                default:
                    _run += value;
                    _stage = value == 255 ? MoreMatch : Match;
                    return CheckRun(LastLiterals);
            }

            return CheckRun(0);
        }

        // What is put out must fit the piece, and what is used must not reach beyond the record.
        private ResultCode CheckRun(int behind)
        {
            int left = PieceEnd - At - behind;
            bool fits = _run <= left && Position <= _recordEnd && (_stage != Literals || _run <= _recordEnd - Position);
            return fits ? ResultCode.None : ResultCode.PatchMalformed;
        }

        private ResultCode CopyMatch(ManifestComponent component, UpdateModule module, byte[] buffer, int to, int most, out int made)
        {
            made = 0;
            int count = Least(_run, most, BufferLength);
            int from = At - _distance;
            ResultCode code;
            if (from < _pieceStart)
            {
                // In the dictionary, counted from its end.
                if (_dictionary == NoDictionary)
                {
                    return ResultCode.PatchMalformed;
                }

                int start = _plan.OldAt(_dictionary);
                int end = _plan.OldAt(_dictionary + 1) - start;
                int reach = _pieceStart - PartStart + DictionaryReach;
                int at = (end < reach ? end : reach) - (_pieceStart - from);
                count = Least(count, _pieceStart - from, count);
                code = at < 0 ? ResultCode.PatchMalformed : module.ReadActive(component, start + at, _piece, count);
            }
            else
            {
                int written = At - to;
                if (from >= written)
                {
                    // Byte by byte: it may repeat what it puts out itself.
                    for (int i = 0; i < count; i++)
                    {
                        buffer[to + i] = buffer[from - written + i];
                    }

                    made = count;
                    return ResultCode.None;
                }

                count = Least(count, written - from, count);
                code = module.Read(component, from, _piece, count);
            }

            if (code == ResultCode.None)
            {
                System.Array.Copy(_piece, 0, buffer, to, count);
                made = count;
            }

            return code;
        }

        private void Use(int count)
        {
            _start += count;
            Position += count;
        }

        private static int Least(int a, int b, int c)
        {
            int least = a < b ? a : b;
            return least < c ? least : c;
        }
    }
}

// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>
    /// Reads CBOR (RFC 8949) item by item, of definite and of indefinite length, without copying. Its input is hostile: it never reads beyond
    /// the end, its depth is bounded, and once something is wrong, it stays <see cref="HasFailed"/>.
    /// </summary>
    internal sealed class CborReader
    {
        private const int MaxDepth = 8;
        private const int Indefinite = 31;

        private byte[] _data;
        private int _at;
        private int _end;

        internal bool HasFailed;

        /// <summary>The kind of the item read last, one of those in <see cref="Cbor"/>.</summary>
        internal int Kind;

        /// <summary>Its value, its length or its count; -1: indefinite, to be ended by a break.</summary>
        internal int Value;

        /// <summary>Where the content of the text or byte string that was read last begins.</summary>
        internal int Start;

        internal void Begin(byte[] data, int start, int count)
        {
            _data = data;
            _at = start;
            _end = start + count;
            HasFailed = false;
        }

        /// <summary>Reads an item's head; of a string the content as well.</summary>
        /// <returns>False when that fails.</returns>
        internal bool Read()
        {
            int first = Next();
            Kind = first >> 5;
            int more = first & 31;
            Value = more;
            if (more >= 24 && more <= 27)
            {
                long value = 0;
                for (int bytes = 1 << (more - 24); bytes > 0; bytes--)
                {
                    value = (value << 8) | (uint)(Next() & 0xFF);
                }

                // No number, text or list of a response comes near to this. Of floating-point numbers the value is of no interest.
                Value = (int)value;
                Require(Kind == Cbor.Simple || (value >= 0 && value <= int.MaxValue));
            }
            else if (more == Indefinite)
            {
                Value = -1;
                Require(Kind == Cbor.Array || Kind == Cbor.Map || Kind == Cbor.Simple);
            }
            else
            {
                Require(more < 24);
            }

            if (!HasFailed && (Kind == Cbor.ByteString || Kind == Cbor.TextString))
            {
                Start = _at;
                Require(Value <= _end - _at);
                _at += HasFailed ? 0 : Value;
            }

            return !HasFailed;
        }

        /// <summary>Whether a list or map that was begun has another item: counts down, or looks for the break.</summary>
        /// <param name="left">Items left; -1 while it is not known.</param>
        internal bool HasMore(ref int left)
        {
            if (HasFailed || left == 0)
            {
                return false;
            }

            if (left > 0)
            {
                left--;
                return true;
            }

            bool isBreak = _at < _end && _data[_at] == 0xFF;
            if (isBreak)
            {
                _at++;
                left = 0;
            }

            return !isBreak;
        }

        /// <summary>Whether the text read last is this one.</summary>
        internal bool Is(string text)
        {
            return Value == text.Length && Begins(text);
        }

        /// <summary>Whether the text read last is this version, or this one with a dot and a build number, which is no part of the version, behind it.</summary>
        internal bool IsVersion(string version)
        {
            return Begins(version) && (Value == version.Length || _data[Start + version.Length] == '.');
        }

        /// <summary>Reads an item that must be a number of 0 or more.</summary>
        internal int ReadNumber()
        {
            Require(Read() && Kind == Cbor.Unsigned);
            return HasFailed ? -1 : Value;
        }

        /// <summary>Passes over an item with all that is in it.</summary>
        internal void Skip()
        {
            Skip(0);
        }

        private bool Begins(string text)
        {
            bool isSame = !HasFailed && Kind == Cbor.TextString && Value >= text.Length;
            for (int i = 0; isSame && i < text.Length; i++)
            {
                isSame = _data[Start + i] == text[i];
            }

            return isSame;
        }

        private void Skip(int depth)
        {
            Require(depth < MaxDepth);
            if (!Read())
            {
                return;
            }

            // A break is no item.
            Require(Kind != Cbor.Simple || Value >= 0);
            int perItem = Kind == Cbor.Map ? 2 : 1;
            int left = Kind == Cbor.Array || Kind == Cbor.Map ? Value : Kind == Cbor.Tag ? 1 : 0;
            while (HasMore(ref left))
            {
                for (int i = 0; i < perItem; i++)
                {
                    Skip(depth + 1);
                }
            }
        }

        private int Next()
        {
            Require(_at < _end);
            return HasFailed ? 0 : _data[_at++];
        }

        private void Require(bool condition)
        {
            HasFailed |= !condition;
        }
    }
}

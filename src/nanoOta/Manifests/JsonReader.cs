// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System.Text;

namespace nanoOta
{
    /// <summary>
    /// Reads JSON (RFC 8259) from UTF-8 bytes, token by token, within fixed bounds and without building a tree. It exists
    /// because nanoFramework.Json turns strings into dates, refuses common escapes, and needs the whole tree in memory.
    /// Its fields are the reader's own to set. Stricter than most readers: a duplicate name, a NUL, a lone surrogate and trailing text are refused, each at its place.
    /// </summary>
    public sealed class JsonReader
    {
        // What the grammar allows next.
        private const int Value = 0;
        private const int ValueOrClose = 1;
        private const int NameOrClose = 2;
        private const int CommaOrClose = 3;
        private const int Nothing = 4;

        private readonly byte[] _text;
        private readonly int _end;

        // For each open object or array: whether it is an object, and where its names begin among all open objects' names.
        private readonly bool[] _isObject;
        private readonly int[] _firstName;
        private readonly int[] _names;
        private readonly uint[] _hashes;

        private int _at;
        private int _nameCount;
        private int _next;
        private string _string;

        /// <summary>Begins before the first token.</summary>
        /// <param name="text">Holds the UTF-8 text; it must not change while it is read.</param>
        /// <param name="start">Where the text begins.</param>
        /// <param name="count">Its length in bytes.</param>
        /// <param name="maxDepth">How deep objects and arrays may be nested.</param>
        /// <param name="maxMembers">How many members the objects open at one time may have in all, up to there.</param>
        public JsonReader(byte[] text, int start, int count, int maxDepth = 12, int maxMembers = 64)
        {
            _text = text;
            _at = start;
            _end = start + count;
            _isObject = new bool[maxDepth];
            _firstName = new int[maxDepth];
            _names = new int[maxMembers];
            _hashes = new uint[maxMembers];
        }

        /// <summary>The token read last.</summary>
        public JsonToken Token;

        /// <summary>Why the text is refused, when <see cref="Token"/> is <see cref="JsonToken.Error"/>.</summary>
        public JsonError Error;

        /// <summary>Where the token begins, or where the error is: an index into the buffer.</summary>
        public int Position;

        /// <summary>How many objects and arrays are open.</summary>
        public int Depth;

        /// <summary>Goes to the next token. After <see cref="JsonToken.End"/> or <see cref="JsonToken.Error"/> it stays there.</summary>
        /// <returns>The token.</returns>
        public JsonToken Read()
        {
            if (Token == JsonToken.End || Token == JsonToken.Error)
            {
                return Token;
            }

            _string = null;
            int c = NextCharacter();
            if (_next == Nothing)
            {
                return c < 0 ? Token = JsonToken.End : Fail(JsonError.TrailingText, _at);
            }

            if (_next != Value && c == (_isObject[Depth - 1] ? '}' : ']'))
            {
                _at++;
                Depth--;
                _nameCount = _firstName[Depth];
                return Produce(_isObject[Depth] ? JsonToken.ObjectEnd : JsonToken.ArrayEnd);
            }

            if (_next == CommaOrClose)
            {
                if (c != ',')
                {
                    return Fail(JsonError.Syntax, _at);
                }

                _at++;
                c = NextCharacter();
                return _isObject[Depth - 1] ? ReadName(c) : ReadValue(c);
            }

            return _next == NameOrClose ? ReadName(c) : ReadValue(c);
        }

        /// <summary>
        /// Goes to the next member of an object, and on to its value. What has not been read of the value before is passed over.
        /// </summary>
        /// <param name="depth"><see cref="Depth"/> at the object's start.</param>
        /// <returns>The member's name; null at the object's end, or at an error.</returns>
        public string ReadMember(int depth)
        {
            while (Depth > depth && Read() != JsonToken.Error)
            {
            }

            if (Read() != JsonToken.Name)
            {
                return null;
            }

            string name = GetString();
            Read();
            return name;
        }

        /// <summary>Passes over the value that begins at this token, or after this name, with all that it holds.</summary>
        /// <returns>False when the text is refused.</returns>
        public bool Skip()
        {
            if (Token == JsonToken.Name)
            {
                Read();
            }

            if (Token == JsonToken.ObjectStart || Token == JsonToken.ArrayStart)
            {
                int outside = Depth - 1;
                while (Depth > outside && Read() != JsonToken.Error)
                {
                }
            }

            return Token != JsonToken.Error;
        }

        /// <summary>Passes over the value that begins at this token, and copies its text.</summary>
        /// <returns>The value as it stands, in UTF-8; null when the text is refused.</returns>
        public byte[] CopyValue()
        {
            int start = Position;
            if (!Skip())
            {
                return null;
            }

            byte[] value = new byte[_at - start];
            System.Array.Copy(_text, start, value, 0, value.Length);
            return value;
        }

        /// <summary>The name or string read last, its escapes resolved, or a number's text as it stands.</summary>
        /// <returns>The text; null for any other token.</returns>
        public string GetString()
        {
            if (_string == null)
            {
                if (Token == JsonToken.Name || Token == JsonToken.String)
                {
                    _string = JsonString.Decode(_text, Position);
                }
                else if (Token == JsonToken.Number)
                {
                    _string = Encoding.UTF8.GetString(_text, Position, _at - Position);
                }
            }

            return _string;
        }

        /// <summary>The string read last.</summary>
        /// <returns>The text, its escapes resolved; null for any other token.</returns>
        public string GetText()
        {
            return Token == JsonToken.String ? GetString() : null;
        }

        /// <summary>The number read last, when it is written as an integer and fits 64 bits.</summary>
        /// <param name="value">Receives it, or 0.</param>
        /// <returns>False for fractions, exponents, larger numbers, and other tokens.</returns>
        public bool TryGetInt64(out long value)
        {
            value = 0;
            if (Token != JsonToken.Number)
            {
                return false;
            }

            int at = Position;
            bool negative = _text[at] == '-';
            ulong limit = negative ? 9223372036854775808UL : 9223372036854775807UL;
            ulong sum = 0;
            for (at += negative ? 1 : 0; at < _at; at++)
            {
                uint digit = (uint)_text[at] - '0';
                if (digit > 9 || sum > (limit - digit) / 10)
                {
                    return false;
                }

                sum = sum * 10 + digit;
            }

            value = (long)(negative ? 0UL - sum : sum);
            return true;
        }

        private JsonToken ReadName(int c)
        {
            if (c != '"')
            {
                return Fail(JsonError.Syntax, _at);
            }

            int end = JsonString.Scan(_text, _at, _end, out uint hash);
            if (end < 0)
            {
                return Fail(JsonError.BadString, ~end);
            }

            Token = JsonToken.Name;
            for (int i = _firstName[Depth - 1]; i < _nameCount; i++)
            {
                if (_hashes[i] == hash && JsonString.Decode(_text, _names[i]) == GetString())
                {
                    return Fail(JsonError.DuplicateName, _at);
                }
            }

            if (_nameCount == _names.Length)
            {
                return Fail(JsonError.TooManyMembers, _at);
            }

            _names[_nameCount] = _at;
            _hashes[_nameCount++] = hash;
            int start = _at;
            _at = end;
            if (NextCharacter() != ':')
            {
                return Fail(JsonError.Syntax, _at);
            }

            _at++;
            Position = start;
            _next = Value;
            return Token;
        }

        private JsonToken ReadValue(int c)
        {
            switch (c)
            {
                case '{':
                    return Open(true);
                case '[':
                    return Open(false);
                case '"':
                    int end = JsonString.Scan(_text, _at, _end, out _);
                    if (end < 0)
                    {
                        return Fail(JsonError.BadString, ~end);
                    }

                    _at = end;
                    return Produce(JsonToken.String);
                case 't':
                    return ReadLiteral("true", JsonToken.True);
                case 'f':
                    return ReadLiteral("false", JsonToken.False);
                case 'n':
                    return ReadLiteral("null", JsonToken.Null);
                default:
                    return ReadNumber();
            }
        }

        private JsonToken Open(bool isObject)
        {
            if (Depth == _isObject.Length)
            {
                return Fail(JsonError.TooDeep, _at);
            }

            _at++;
            _isObject[Depth] = isObject;
            _firstName[Depth++] = _nameCount;
            _next = isObject ? NameOrClose : ValueOrClose;
            return Token = isObject ? JsonToken.ObjectStart : JsonToken.ArrayStart;
        }

        private JsonToken ReadLiteral(string literal, JsonToken token)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(literal);
            for (int i = 0; i < bytes.Length; i++, _at++)
            {
                if (_at == _end || _text[_at] != bytes[i])
                {
                    return Fail(JsonError.Syntax, _at);
                }
            }

            return Produce(token);
        }

        private JsonToken ReadNumber()
        {
            _at += Peek() == '-' ? 1 : 0;
            bool zero = Peek() == '0';
            int digits = Digits();
            bool valid = digits == 1 || (digits > 1 && !zero);
            if (valid && Peek() == '.')
            {
                _at++;
                valid = Digits() > 0;
            }

            if (valid && (Peek() == 'e' || Peek() == 'E'))
            {
                _at++;
                _at += Peek() == '+' || Peek() == '-' ? 1 : 0;
                valid = Digits() > 0;
            }

            return valid ? Produce(JsonToken.Number) : Fail(JsonError.Syntax, _at);
        }

        private int Digits()
        {
            int start = _at;
            while (Peek() >= '0' && Peek() <= '9')
            {
                _at++;
            }

            return _at - start;
        }

        private int Peek()
        {
            return _at < _end ? _text[_at] : -1;
        }

        // Passes over white space and marks the place; -1 at the end.
        private int NextCharacter()
        {
            while (_at < _end && (_text[_at] == ' ' || _text[_at] == '\n' || _text[_at] == '\r' || _text[_at] == '\t'))
            {
                _at++;
            }

            Position = _at;
            return Peek();
        }

        private JsonToken Produce(JsonToken token)
        {
            _next = Depth == 0 ? Nothing : CommaOrClose;
            return Token = token;
        }

        private JsonToken Fail(JsonError error, int position)
        {
            Position = position;
            Error = error;
            return Token = JsonToken.Error;
        }
    }
}

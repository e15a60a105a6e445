using System.Text;
using nanoFramework.Json;

namespace nanoOta.StandIns
{
    internal enum JsonTokenKind
    {
        End,
        BraceOpen,
        BraceClose,
        BracketOpen,
        BracketClose,
        Colon,
        Comma,
        Text,
        Time,
        Number,
        True,
        False,
        Null,
    }

    /// <summary>Cuts a text into tokens as nanoFramework.Json does, with all it gets wrong.</summary>
    internal sealed class JsonLexer(string text)
    {
        private readonly byte[] _bytes = Encoding.UTF8.GetBytes(text);
        private int _position;

        /// <summary>The text of the last token, of a number and of a string.</summary>
        internal string Value { get; private set; } = "";

        /// <summary>The moment that the last token was taken for.</summary>
        internal DateTime Time { get; private set; }

        /// <exception cref="DeserializationException">No token.</exception>
        /// <exception cref="IndexOutOfRangeException">The text ends within one.</exception>
        internal JsonTokenKind Next()
        {
            while (_position < _bytes.Length)
            {
                char c = ReadChar();
                if (c == '\\')
                {
                    // Outside of a string an escape counts as what it stands for.
                    c = ReadEscape(out bool isUnicode);
                    c = isUnicode ? 'u' : c;
                }

                if (StartsNumber(c))
                {
                    return ReadNumber(c);
                }

                switch (c)
                {
                    case '{': return JsonTokenKind.BraceOpen;
                    case '}': return JsonTokenKind.BraceClose;
                    case '[': return JsonTokenKind.BracketOpen;
                    case ']': return JsonTokenKind.BracketClose;
                    case ':': return JsonTokenKind.Colon;
                    case ',': return JsonTokenKind.Comma;
                    case '"' or '\'': return ReadString(c);
                    case ' ' or '\t' or '\r' or '\n': break;
                    case 't' or 'T': return Expect("rue", JsonTokenKind.True);
                    case 'f' or 'F': return Expect("alse", JsonTokenKind.False);
                    case 'n' or 'N': return Expect("ull", JsonTokenKind.Null);
                    default: throw new DeserializationException();
                }
            }

            return JsonTokenKind.End;
        }

        private static bool StartsNumber(char c) => c is '-' or '+' or '.' or (>= '0' and <= '9');

        private static bool IsInNumber(char c) => StartsNumber(c) || c is 'e' or 'E';

        private char ReadChar()
        {
            int length = _bytes[_position] switch { < 0x80 => 1, < 0xe0 => 2, < 0xf0 => 3, _ => 4 };
            char c = length == 1 ? (char)_bytes[_position] : Encoding.UTF8.GetChars(_bytes, _position, length)[0];
            _position += length;
            return c;
        }

        private char ReadEscape(out bool isUnicode)
        {
            char c = ReadChar();
            isUnicode = c == 'u';
            return c switch
            {
                't' => '\t',
                'r' => '\r',
                'n' => '\n',
                'b' => '\b',
                'f' => '\f',
                '\\' or '"' or 'u' => c,
                _ => throw new DeserializationException(),
            };
        }

        // Of \uABCD it takes B twice and then C and D, if they look like parts of a number, and swallows what follows if that does, too.
        private char ReadUnicode()
        {
            StringBuilder digits = new();
            _position++;
            char c = (char)_bytes[_position];
            for (int i = 0; i < 4 && IsInNumber(c); i++)
            {
                digits.Append(c);
                c = (char)_bytes[_position];
                if (IsInNumber(c))
                {
                    _position++;
                }
            }

            if (digits.Length < 4)
            {
                throw new DeserializationException();
            }

            try
            {
                return (char)Convert.ToInt16(digits.ToString(), 16);
            }
            catch (FormatException)
            {
                throw new DeserializationException();
            }
        }

        private JsonTokenKind ReadNumber(char first)
        {
            StringBuilder number = new();
            char c = first;
            while (IsInNumber(c))
            {
                number.Append(c);
                c = (char)_bytes[_position];
                if (IsInNumber(c))
                {
                    _position++;
                }
            }

            Value = number.ToString();
            return JsonTokenKind.Number;
        }

        private JsonTokenKind ReadString(char quote)
        {
            StringBuilder text = new();
            while (true)
            {
                if (_position >= _bytes.Length)
                {
                    throw new DeserializationException();
                }

                char c = ReadChar();
                if (c == quote)
                {
                    break;
                }

                if (c == '\\')
                {
                    c = ReadEscape(out bool isUnicode);
                    c = isUnicode ? ReadUnicode() : c;
                }

                text.Append(c);
            }

            Value = text.ToString();
            if (quote == '"' && Value.StartsWith('"'))
            {
                Value = $"\"{Value}\"";
            }

            if (TimeGuess.TryRead(Value, out DateTime time))
            {
                Time = time;
                return JsonTokenKind.Time;
            }

            return JsonTokenKind.Text;
        }

        private JsonTokenKind Expect(string rest, JsonTokenKind kind)
        {
            foreach (char expected in rest)
            {
                if (char.ToLowerInvariant(ReadChar()) != expected)
                {
                    throw new DeserializationException();
                }
            }

            return kind;
        }
    }
}

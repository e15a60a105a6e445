using System.Globalization;

namespace nanoOta.Hub
{
    /// <summary>Goes through the pieces of a query, one after the other.</summary>
    /// <exception cref="QueryException">A character belongs nowhere.</exception>
    internal sealed class QueryReader(string text)
    {
        // Of brackets and operators: each is a step down the stack, when the query is read and when it runs.
        private const int MostSteps = 500;

        private readonly List<QueryToken> _tokens = QueryLexer.Read(text);
        private int _at;
        private int _steps;

        /// <summary>The piece at hand.</summary>
        public QueryToken Token => _tokens[_at];

        /// <summary>Whether the next piece after that is a sign.</summary>
        public bool IsFollowedBy(string sign) => _at + 1 < _tokens.Count && _tokens[_at + 1].IsSign(sign);

        /// <summary>Whether the number 0 is at hand.</summary>
        public bool IsAtZero => Token.Kind == QueryTokenKind.Number && double.TryParse(Token.Text, CultureInfo.InvariantCulture, out double number) && number == 0;

        /// <summary>Goes on to the next piece.</summary>
        /// <returns>The piece that was at hand.</returns>
        public QueryToken Next() => _tokens[_at++];

        /// <summary>Goes on if a keyword is at hand.</summary>
        /// <returns>Whether it was.</returns>
        public bool Take(string keyword)
        {
            bool isIt = Token.Is(keyword);
            _at += isIt ? 1 : 0;
            return isIt;
        }

        /// <summary>Goes on if a sign is at hand.</summary>
        /// <returns>Whether it was.</returns>
        public bool TakeSign(string sign)
        {
            bool isIt = Token.IsSign(sign);
            _at += isIt ? 1 : 0;
            return isIt;
        }

        /// <exception cref="QueryException">The keyword is not at hand.</exception>
        public void Require(string keyword)
        {
            if (!Take(keyword))
            {
                throw Unexpected(keyword);
            }
        }

        /// <exception cref="QueryException">The sign is not at hand.</exception>
        public void RequireSign(string sign)
        {
            if (!TakeSign(sign))
            {
                throw Unexpected($"'{sign}'");
            }
        }

        /// <exception cref="QueryException">There is more.</exception>
        public void RequireEnd()
        {
            if (Token.Kind != QueryTokenKind.End)
            {
                throw Unexpected("the end");
            }
        }

        /// <summary>Reads a property: names with dots between them.</summary>
        /// <exception cref="QueryException">It is none.</exception>
        public string[] Path()
        {
            var path = new List<string>();
            do
            {
                path.Add(Token.Kind is QueryTokenKind.Name or QueryTokenKind.QuotedName ? Next().Text : throw Unexpected("a property"));
            }
            while (TakeSign("."));
            return [.. path];
        }

        /// <summary>Reads a number.</summary>
        /// <exception cref="QueryException">It is none, or too large for one.</exception>
        public double Number()
        {
            return Token.Kind == QueryTokenKind.Number && double.TryParse(Token.Text, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
                ? Done(number)
                : throw Unexpected("a number");

            double Done(double value)
            {
                _at++;
                return value;
            }
        }

        /// <summary>Reads a whole number.</summary>
        /// <param name="least">The smallest that is taken.</param>
        /// <exception cref="QueryException">It is none.</exception>
        public int Whole(int least)
        {
            QueryToken token = Token;
            double number = Number();
            return number == Math.Floor(number) && number >= least && number <= int.MaxValue ? (int)number : throw new QueryException($"a whole number of {least} or more is expected where '{token.Text}' stands");
        }

        /// <summary>Counts a bracket or an operator.</summary>
        /// <exception cref="QueryException">They are too many.</exception>
        public void Deeper()
        {
            if (++_steps > MostSteps)
            {
                throw new QueryException($"it has more than {MostSteps} operators and brackets");
            }
        }

        /// <summary>What is wrong with the piece at hand.</summary>
        public QueryException Unexpected(string wanted) => new($"{wanted} is expected where '{Token.Text}' stands");
    }
}

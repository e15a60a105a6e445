using System.Globalization;

namespace nanoOta.Hub
{
    /// <summary>Reads IoT Hub's query language: <c>SELECT … FROM devices WHERE …</c>, and the bare conditions of configurations.</summary>
    internal sealed class QueryParser
    {
        private static readonly string[] _aggregates = ["COUNT", "SUM", "AVG", "MIN", "MAX"];

        // Of brackets and operators: each is a step down the stack, here and when the query runs.
        private const int MostSteps = 500;

        private readonly List<QueryToken> _tokens;
        private readonly List<string[]> _paths = [];
        private int _at;
        private int _steps;

        private QueryParser(string text)
        {
            _tokens = QueryLexer.Read(text);
        }

        private QueryToken Token => _tokens[_at];

        /// <summary>Reads a query.</summary>
        /// <exception cref="QueryException">It is not understood.</exception>
        public static Query Query(string text)
        {
            var parser = new QueryParser(text);
            Query query = parser.Select();
            parser.RequireEnd();
            return query;
        }

        /// <summary>Reads a condition alone.</summary>
        /// <param name="text">The condition.</param>
        /// <param name="paths">The properties that it names.</param>
        /// <exception cref="QueryException">It is not understood.</exception>
        public static QueryExpression Condition(string text, out IReadOnlyList<string[]> paths)
        {
            var parser = new QueryParser(text);
            QueryExpression condition = parser.Or();
            parser.RequireEnd();
            paths = parser._paths;
            return condition;
        }

        private Query Select()
        {
            Require("SELECT");
            int? top = Take("TOP") ? (int)Number() : null;
            var items = new List<QueryItem>();
            if (!TakeSign("*"))
            {
                do
                {
                    items.Add(Item(items.Count + 1));
                }
                while (TakeSign(","));
            }

            Require("FROM");
            string source = string.Join('.', Path());
            if (source is not ("devices" or "devices.modules" or "devices.jobs"))
            {
                throw new QueryException($"there is no {source} to select from");
            }

            _paths.Clear();
            QueryExpression? where = Take("WHERE") ? Or() : null;
            var groups = new List<string[]>();
            if (Take("GROUP"))
            {
                Require("BY");
                do
                {
                    groups.Add(Path());
                }
                while (TakeSign(","));
            }

            return new Query(top, items, source, where, groups);
        }

        private QueryItem Item(int number)
        {
            string? aggregate = _aggregates.FirstOrDefault(Token.Is);
            QueryExpression? of = null;
            string name = $"${number}";
            if (aggregate != null && _tokens[_at + 1].IsSign("("))
            {
                _at += 2;
                of = Token.IsSign(")") ? null : TakeSign("*") ? null : Or();
                RequireSign(")");
                if (of == null && aggregate != "COUNT")
                {
                    throw new QueryException($"{aggregate}() needs a property");
                }
            }
            else
            {
                aggregate = null;
                of = Or();
                name = _paths.Count > 0 ? _paths[^1][^1] : name;
            }

            return new QueryItem(aggregate, of, Take("AS") ? Path()[^1] : name);
        }

        private QueryExpression Or()
        {
            QueryExpression left = And();
            while (Take("OR"))
            {
                Deeper();
                QueryExpression a = left, b = And();
                left = row => a(row) is true || b(row) is true;
            }

            return left;
        }

        private QueryExpression And()
        {
            QueryExpression left = Not();
            while (Take("AND"))
            {
                Deeper();
                QueryExpression a = left, b = Not();
                left = row => a(row) is true && b(row) is true;
            }

            return left;
        }

        private QueryExpression Not()
        {
            if (!Take("NOT"))
            {
                return Comparison();
            }

            Deeper();
            QueryExpression of = Not();
            return row => of(row) is bool value ? !value : QueryRow.Undefined;
        }

        private QueryExpression Comparison()
        {
            QueryExpression left = Sum();
            if (Token.Is("IN") || Token.Is("NIN"))
            {
                bool isIn = Token.Is("IN");
                _at++;
                List<QueryExpression> values = List();
                return row => left(row) is var value && value == QueryRow.Undefined ? QueryRow.Undefined
                    : values.Any(item => QueryValues.Compare(value, item(row), "=") is true) == isIn;
            }

            if (Token.Kind == QueryTokenKind.Sign && Token.Text is "=" or "!=" or "<>" or "<" or ">" or "<=" or ">=")
            {
                string sign = Token.Text;
                _at++;
                QueryExpression right = Sum();
                return row => QueryValues.Compare(left(row), right(row), sign);
            }

            return left;
        }

        private QueryExpression Sum()
        {
            QueryExpression left = Product();
            while (Token.IsSign("+") || Token.IsSign("-"))
            {
                left = Calculation(left, Product);
            }

            return left;
        }

        private QueryExpression Product()
        {
            QueryExpression left = Primary();
            while (Token.IsSign("*") || Token.IsSign("/") || Token.IsSign("%"))
            {
                left = Calculation(left, Primary);
            }

            return left;
        }

        private QueryExpression Calculation(QueryExpression left, Func<QueryExpression> next)
        {
            string sign = Token.Text;
            _at++;
            Deeper();
            QueryExpression right = next();
            return row => QueryValues.Calculate(left(row), right(row), sign);
        }

        private QueryExpression Primary()
        {
            QueryToken token = Token;
            if (TakeSign("("))
            {
                Deeper();
                QueryExpression inner = Or();
                RequireSign(")");
                return inner;
            }

            if (TakeSign("-"))
            {
                double number = -Number();
                return _ => number;
            }

            if (token.Kind == QueryTokenKind.Number)
            {
                double number = Number();
                return _ => number;
            }

            if (token.Kind == QueryTokenKind.Text || token.Is("true") || token.Is("false"))
            {
                _at++;
                object value = token.Kind == QueryTokenKind.Text ? token.Text : token.Is("true");
                return _ => value;
            }

            if (token.Kind == QueryTokenKind.Name && _tokens[_at + 1].IsSign("("))
            {
                return Function();
            }

            string[] path = Path();
            _paths.Add(path);
            return row => row.Value(path);
        }

        private QueryExpression Function()
        {
            if (!Take("IS_DEFINED"))
            {
                throw new QueryException($"there is no function {Token.Text}");
            }

            RequireSign("(");
            string[] path = Path();
            _paths.Add(path);
            RequireSign(")");
            return row => row.Find(path) != null;
        }

        private List<QueryExpression> List()
        {
            RequireSign("[");
            var values = new List<QueryExpression>();
            while (!TakeSign("]"))
            {
                values.Add(Sum());
                if (!Token.IsSign("]"))
                {
                    RequireSign(",");
                }
            }

            return values;
        }

        private string[] Path()
        {
            var path = new List<string>();
            do
            {
                path.Add(Token.Kind is QueryTokenKind.Name or QueryTokenKind.QuotedName ? Token.Text : throw Unexpected("a property"));
                _at++;
            }
            while (TakeSign("."));
            return [.. path];
        }

        private double Number()
        {
            if (Token.Kind != QueryTokenKind.Number || !double.TryParse(Token.Text, CultureInfo.InvariantCulture, out double number))
            {
                throw Unexpected("a number");
            }

            _at++;
            return number;
        }

        private void Deeper()
        {
            if (++_steps > MostSteps)
            {
                throw new QueryException($"it has more than {MostSteps} operators and brackets");
            }
        }

        private bool Take(string keyword)
        {
            bool isIt = Token.Is(keyword);
            _at += isIt ? 1 : 0;
            return isIt;
        }

        private bool TakeSign(string sign)
        {
            bool isIt = Token.IsSign(sign);
            _at += isIt ? 1 : 0;
            return isIt;
        }

        private void Require(string keyword)
        {
            if (!Take(keyword))
            {
                throw Unexpected(keyword);
            }
        }

        private void RequireSign(string sign)
        {
            if (!TakeSign(sign))
            {
                throw Unexpected($"'{sign}'");
            }
        }

        private void RequireEnd()
        {
            if (Token.Kind != QueryTokenKind.End)
            {
                throw Unexpected("the end");
            }
        }

        private QueryException Unexpected(string wanted) => new($"{wanted} is expected where '{Token.Text}' stands");
    }
}

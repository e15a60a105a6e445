namespace nanoOta.Hub
{
    /// <summary>Reads conditions and values: operators by their precedence, lists, functions, properties.</summary>
    internal sealed class ConditionParser(QueryReader reader)
    {
        private readonly List<string[]> _paths = [];

        /// <summary>The properties that were named so far.</summary>
        public List<string[]> Paths => _paths;

        /// <summary>Reads a condition or a value.</summary>
        /// <exception cref="QueryException">It is not understood.</exception>
        public QueryExpression Read()
        {
            QueryExpression left = And();
            while (reader.Take("OR"))
            {
                reader.Deeper();
                QueryExpression a = left, b = And();
                left = row => a(row) is true || b(row) is true;
            }

            return left;
        }

        private QueryExpression And()
        {
            QueryExpression left = Not();
            while (reader.Take("AND"))
            {
                reader.Deeper();
                QueryExpression a = left, b = Not();
                left = row => a(row) is true && b(row) is true;
            }

            return left;
        }

        private QueryExpression Not()
        {
            if (!reader.Take("NOT"))
            {
                return Comparison();
            }

            reader.Deeper();
            QueryExpression of = Not();
            return row => of(row) is bool value ? !value : QueryRow.Undefined;
        }

        private QueryExpression Comparison()
        {
            QueryExpression left = Sum();
            if (reader.Token.Is("IN") || reader.Token.Is("NIN"))
            {
                bool isIn = reader.Next().Is("IN");
                List<QueryExpression> values = List();
                return row => left(row) is var value && value == QueryRow.Undefined ? QueryRow.Undefined
                    : values.Any(item => QueryValues.Compare(value, item(row), "=") is true) == isIn;
            }

            if (reader.Token.Kind == QueryTokenKind.Sign && reader.Token.Text is "=" or "!=" or "<>" or "<" or ">" or "<=" or ">=")
            {
                string sign = reader.Next().Text;
                QueryExpression right = Sum();
                return row => QueryValues.Compare(left(row), right(row), sign);
            }

            return left;
        }

        private QueryExpression Sum()
        {
            QueryExpression left = Product();
            while (reader.Token.IsSign("+") || reader.Token.IsSign("-"))
            {
                left = Calculation(left, Product);
            }

            return left;
        }

        private QueryExpression Product()
        {
            QueryExpression left = Primary();
            while (reader.Token.IsSign("*") || reader.Token.IsSign("/") || reader.Token.IsSign("%"))
            {
                left = Calculation(left, Primary);
            }

            return left;
        }

        private QueryExpression Calculation(QueryExpression left, Func<QueryExpression> next)
        {
            string sign = reader.Next().Text;
            reader.Deeper();
            if (sign is "/" or "%" && reader.IsAtZero)
            {
                throw new QueryException("it divides by zero");
            }

            QueryExpression right = next();
            return row => QueryValues.Calculate(left(row), right(row), sign);
        }

        private QueryExpression Primary()
        {
            QueryToken token = reader.Token;
            if (reader.TakeSign("("))
            {
                reader.Deeper();
                QueryExpression inner = Read();
                reader.RequireSign(")");
                return inner;
            }

            if (reader.TakeSign("-"))
            {
                double number = -reader.Number();
                return _ => number;
            }

            if (token.Kind == QueryTokenKind.Number)
            {
                double number = reader.Number();
                return _ => number;
            }

            if (token.Kind == QueryTokenKind.Text || token.Is("true") || token.Is("false"))
            {
                reader.Next();
                object value = token.Kind == QueryTokenKind.Text ? token.Text : token.Is("true");
                return _ => value;
            }

            if (token.Kind == QueryTokenKind.Name && reader.IsFollowedBy("("))
            {
                return Function();
            }

            string[] path = Property();
            return row => row.Value(path);
        }

        private QueryExpression Function()
        {
            if (!reader.Take("IS_DEFINED"))
            {
                throw new QueryException($"there is no function {reader.Token.Text}");
            }

            reader.RequireSign("(");
            string[] path = Property();
            reader.RequireSign(")");
            return row => row.Find(path) != null;
        }

        private List<QueryExpression> List()
        {
            reader.RequireSign("[");
            var values = new List<QueryExpression>();
            while (!reader.TakeSign("]"))
            {
                values.Add(Sum());
                if (!reader.Token.IsSign("]"))
                {
                    reader.RequireSign(",");
                }
            }

            return values;
        }

        private string[] Property()
        {
            string[] path = reader.Path();
            _paths.Add(path);
            return path;
        }
    }
}

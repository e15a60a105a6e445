namespace nanoOta.Hub
{
    /// <summary>What a piece of a query is.</summary>
    internal enum QueryTokenKind
    {
        Name,
        QuotedName,
        Text,
        Number,
        Sign,
        End,
    }

    /// <summary>A piece of a query.</summary>
    internal readonly record struct QueryToken(QueryTokenKind Kind, string Text)
    {
        /// <summary>Whether it is a keyword, in whatever case.</summary>
        public bool Is(string keyword) => Kind == QueryTokenKind.Name && Text.Equals(keyword, StringComparison.OrdinalIgnoreCase);

        /// <summary>Whether it is an operator or a bracket.</summary>
        public bool IsSign(string sign) => Kind == QueryTokenKind.Sign && Text == sign;
    }

    /// <summary>Cuts a query into pieces.</summary>
    internal static class QueryLexer
    {
        private static readonly string[] _signs = ["!=", "<>", "<=", ">=", "=", "<", ">", "(", ")", "[", "]", ",", ".", "*", "+", "-", "/", "%"];

        /// <exception cref="QueryException">A character belongs nowhere, or a text has no end.</exception>
        public static List<QueryToken> Read(string query)
        {
            var tokens = new List<QueryToken>();
            int at = 0;
            while (at < query.Length)
            {
                char c = query[at];
                if (char.IsWhiteSpace(c))
                {
                    at++;
                }
                else if (c is '\'' or '"')
                {
                    tokens.Add(new QueryToken(QueryTokenKind.Text, Quoted(query, ref at, c)));
                }
                else if (query.AsSpan(at).StartsWith("[["))
                {
                    int end = query.IndexOf("]]", at, StringComparison.Ordinal);
                    tokens.Add(new QueryToken(QueryTokenKind.QuotedName, end < 0 ? throw new QueryException($"'[[' at character {at + 1} has no ']]'") : query[(at + 2)..end]));
                    at = end + 2;
                }
                else if (char.IsAsciiDigit(c))
                {
                    tokens.Add(new QueryToken(QueryTokenKind.Number, While(query, ref at, x => char.IsAsciiLetterOrDigit(x) || x == '.')));
                }
                else if (IsOfName(c))
                {
                    tokens.Add(new QueryToken(QueryTokenKind.Name, While(query, ref at, IsOfName)));
                }
                else
                {
                    string sign = Array.Find(_signs, s => query.AsSpan(at).StartsWith(s)) ?? throw new QueryException($"'{c}' at character {at + 1} is not expected");
                    tokens.Add(new QueryToken(QueryTokenKind.Sign, sign));
                    at += sign.Length;
                }
            }

            tokens.Add(new QueryToken(QueryTokenKind.End, "the end"));
            return tokens;
        }

        private static bool IsOfName(char c) => char.IsLetterOrDigit(c) || c is '_' or '$';

        private static string While(string query, ref int at, Func<char, bool> isPart)
        {
            int start = at;
            while (at < query.Length && isPart(query[at]))
            {
                at++;
            }

            return query[start..at];
        }

        private static string Quoted(string query, ref int at, char quote)
        {
            int start = at++;
            var text = new System.Text.StringBuilder();
            while (at < query.Length && query[at] != quote)
            {
                at += query[at] == '\\' ? 1 : 0;
                text.Append(at < query.Length ? query[at++] : ' ');
            }

            if (at++ >= query.Length)
            {
                throw new QueryException($"the text at character {start + 1} has no end");
            }

            return text.ToString();
        }
    }

    /// <summary>A query that is not understood.</summary>
    internal sealed class QueryException(string sentence) : Exception(sentence);
}

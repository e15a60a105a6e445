namespace nanoOta.Hub
{
    /// <summary>Reads IoT Hub's query language: <c>SELECT … FROM devices WHERE …</c>, and the bare conditions of configurations.</summary>
    internal sealed class QueryParser
    {
        private static readonly string[] _aggregates = ["COUNT", "SUM", "AVG", "MIN", "MAX"];

        private readonly QueryReader _reader;
        private readonly ConditionParser _conditions;

        private QueryParser(string text)
        {
            _reader = new QueryReader(text);
            _conditions = new ConditionParser(_reader);
        }

        /// <summary>Reads a query.</summary>
        /// <exception cref="QueryException">It is not understood.</exception>
        public static Query Query(string text)
        {
            var parser = new QueryParser(text);
            Query query = parser.Select();
            parser._reader.RequireEnd();
            return query;
        }

        /// <summary>Reads a condition alone.</summary>
        /// <param name="text">The condition.</param>
        /// <param name="paths">The properties that it names.</param>
        /// <exception cref="QueryException">It is not understood.</exception>
        public static QueryExpression Condition(string text, out IReadOnlyList<string[]> paths)
        {
            var parser = new QueryParser(text);
            QueryExpression condition = parser._conditions.Read();
            parser._reader.RequireEnd();
            paths = parser._conditions.Paths;
            return condition;
        }

        private Query Select()
        {
            _reader.Require("SELECT");
            int? top = _reader.Take("TOP") ? _reader.Whole(least: 1) : null;
            List<QueryItem> items = _reader.TakeSign("*") ? [] : List(Item);
            _reader.Require("FROM");
            string source = string.Join('.', _reader.Path());
            if (source is not ("devices" or "devices.modules" or "devices.jobs"))
            {
                throw new QueryException($"there is no {source} to select from");
            }

            QueryExpression? where = _reader.Take("WHERE") ? _conditions.Read() : null;
            List<string[]> groups = [];
            if (_reader.Take("GROUP"))
            {
                _reader.Require("BY");
                groups = List(_ => _reader.Path());
            }

            return new Query(top, items, source, where, groups);
        }

        // One or more, with commas between them.
        private List<T> List<T>(Func<int, T> read)
        {
            var list = new List<T>();
            do
            {
                list.Add(read(list.Count + 1));
            }
            while (_reader.TakeSign(","));
            return list;
        }

        private QueryItem Item(int number)
        {
            string? aggregate = _reader.IsFollowedBy("(") ? _aggregates.FirstOrDefault(_reader.Token.Is) : null;
            string name = $"${number}";
            QueryExpression? of;
            if (aggregate != null)
            {
                of = Aggregated(aggregate);
            }
            else
            {
                of = _conditions.Read();
                name = _conditions.Paths.Count > 0 ? _conditions.Paths[^1][^1] : name;
            }

            return new QueryItem(aggregate, of, _reader.Take("AS") ? _reader.Path()[^1] : name);
        }

        // What is summed up; null: whole rows.
        private QueryExpression? Aggregated(string aggregate)
        {
            _reader.Next();
            _reader.RequireSign("(");
            QueryExpression? of = _reader.Token.IsSign(")") || _reader.TakeSign("*") ? null : _conditions.Read();
            _reader.RequireSign(")");
            return of != null || aggregate == "COUNT" ? of : throw new QueryException($"{aggregate}() needs a property");
        }
    }
}

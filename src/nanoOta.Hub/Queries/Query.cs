using System.Text.Json.Nodes;

namespace nanoOta.Hub
{
    /// <summary>A part of a query that has a value for each row.</summary>
    internal delegate object QueryExpression(QueryRow row);

    /// <summary>A column.</summary>
    /// <param name="Aggregate">COUNT, SUM, AVG, MIN or MAX; null: the value itself.</param>
    /// <param name="Of">The value; null with COUNT().</param>
    /// <param name="Name">The column's name.</param>
    internal sealed record QueryItem(string? Aggregate, QueryExpression? Of, string Name);

    /// <summary>A query, read.</summary>
    /// <param name="Top">The most rows; null: all.</param>
    /// <param name="Items">The columns; none: <c>*</c>.</param>
    /// <param name="Source">devices, devices.modules or devices.jobs.</param>
    /// <param name="Where">The condition; null: every row.</param>
    /// <param name="Groups">Properties whose values make groups.</param>
    internal sealed record Query(int? Top, IReadOnlyList<QueryItem> Items, string Source, QueryExpression? Where, IReadOnlyList<string[]> Groups)
    {
        /// <summary>The header <c>x-ms-item-type</c>.</summary>
        public string ItemType => Items.Count > 0 ? "Raw" : Source == "devices.jobs" ? "DeviceJob" : "Twin";

        /// <summary>Whether rows are summed up, so that all of them must be looked at.</summary>
        public bool IsSummary => Groups.Count > 0 || Items.Any(item => item.Aggregate != null);

        /// <summary>The rows that the condition takes.</summary>
        public IEnumerable<QueryRow> Matches(IEnumerable<QueryRow> rows)
        {
            IEnumerable<QueryRow> found = Where == null ? rows : rows.Where(row => Where(row) is true);
            return Top is { } top ? found.Take(top) : found;
        }

        /// <summary>The result.</summary>
        public IEnumerable<JsonObject> Run(IEnumerable<QueryRow> rows)
        {
            return IsSummary ? Summaries(rows) : Matches(rows).Select(row => Items.Count == 0 ? row.Whole() : Project(row));
        }

        private IEnumerable<JsonObject> Summaries(IEnumerable<QueryRow> rows)
        {
            List<QueryRow> all = [.. Where == null ? rows : rows.Where(row => Where(row) is true)];
            if (Groups.Count == 0)
            {
                return [Summary(all)];
            }

            IEnumerable<JsonObject> groups = all.GroupBy(row => string.Join('\n', Groups.Select(path => row.Find(path)?.ToJsonString() ?? ""))).Select(group => Summary([.. group]));
            return Top is { } top ? groups.Take(top) : groups;
        }

        private JsonObject Project(QueryRow row)
        {
            var json = new JsonObject();
            foreach (QueryItem item in Items)
            {
                if (QueryValues.ToJson(item.Of!(row)) is { } value)
                {
                    json[item.Name] = value;
                }
            }

            return json;
        }

        private JsonObject Summary(List<QueryRow> rows)
        {
            var json = new JsonObject();
            foreach (QueryItem item in Items)
            {
                JsonNode? value = item.Aggregate == null ? (rows.Count > 0 ? QueryValues.ToJson(item.Of!(rows[0])) : null) : Aggregate(item, rows);
                if (value != null)
                {
                    json[item.Name] = value;
                }
            }

            return json;
        }

        private static JsonNode? Aggregate(QueryItem item, List<QueryRow> rows)
        {
            if (item.Aggregate == "COUNT")
            {
                return item.Of == null ? rows.Count : rows.Count(row => item.Of(row) != QueryRow.Undefined);
            }

            double[] values = [.. rows.Select(row => item.Of!(row)).OfType<double>()];
            return values.Length == 0 ? null : QueryValues.ToJson(item.Aggregate switch
            {
                "SUM" => values.Sum(),
                "AVG" => values.Average(),
                "MIN" => values.Min(),
                _ => values.Max(),
            });
        }
    }

    /// <summary>What queries do with values.</summary>
    internal static class QueryValues
    {
        /// <summary>Compares primitive values of one kind; anything else is undefined.</summary>
        public static object Compare(object left, object right, string sign)
        {
            int? order = (left, right) switch
            {
                (string a, string b) => string.CompareOrdinal(a, b),
                (double a, double b) => a.CompareTo(b),
                (bool a, bool b) => a.CompareTo(b),
                _ => null,
            };
            if (order is not { } sense)
            {
                // Values of two kinds are not equal; what is not there is neither equal nor unequal.
                return left != QueryRow.Undefined && right != QueryRow.Undefined && sign is "!=" or "<>" && IsPrimitive(left) && IsPrimitive(right) ? true : QueryRow.Undefined;
            }

            return sign switch
            {
                "=" => sense == 0,
                "!=" or "<>" => sense != 0,
                "<" => sense < 0,
                ">" => sense > 0,
                "<=" => sense <= 0,
                _ => sense >= 0,
            };
        }

        /// <summary>Calculates with numbers; anything else is undefined, and so is what is divided by zero or grows beyond all numbers.</summary>
        public static object Calculate(object left, object right, string sign)
        {
            if ((left, right) is not (double a, double b))
            {
                return QueryRow.Undefined;
            }

            double result = sign switch
            {
                "+" => a + b,
                "-" => a - b,
                "*" => a * b,
                "/" => a / b,
                _ => a % b,
            };
            return double.IsFinite(result) ? result : QueryRow.Undefined;
        }

        /// <summary>A value as JSON; null when it is undefined.</summary>
        public static JsonNode? ToJson(object value)
        {
            return value switch
            {
                string text => text,
                double number when !double.IsFinite(number) => null,
                double number => number == Math.Floor(number) && Math.Abs(number) < 1e15 ? (long)number : number,
                bool truth => truth,
                JsonNode node => node.DeepClone(),
                _ => null,
            };
        }

        private static bool IsPrimitive(object value) => value is string or double or bool;
    }
}

using System.Text.Json;

namespace nanoOta.Budgets.Report
{
    /// <summary>The table of budgets, for people, for machines and for docs/budgets.md.</summary>
    internal static class Print
    {
        private static readonly JsonSerializerOptions _relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

        /// <summary>Aligned columns, and below each row how it was measured.</summary>
        public static bool Text(IReadOnlyList<BudgetRow> rows)
        {
            int width = rows.Max(row => row.What.Length);
            foreach (BudgetRow row in rows)
            {
                Console.WriteLine($"{row.What.PadRight(width)}  {row.MeasuredText,8} of {row.BudgetText,8}  {row.VerdictText}");
                Console.WriteLine($"    {row.Unit}: {row.How}");
                if (row.Cost != null)
                {
                    Console.WriteLine($"    {row.CostText} ARM instructions, by the interpreter's measured cost");
                }
            }

            return true;
        }

        /// <summary>One object a row.</summary>
        public static bool Json(IReadOnlyList<BudgetRow> rows)
        {
            foreach (BudgetRow row in rows)
            {
                Console.WriteLine(JsonSerializer.Serialize(new
                {
                    key = row.Key, what = row.What, unit = row.Unit, measured = row.Measured, cost = row.Cost, budget = row.Budget, limit = row.Limit ?? row.Budget,
                    verdict = row.Verdict.ToString(), how = row.How,
                }, _relaxed));
            }

            return true;
        }

        /// <summary>The table of docs/budgets.md.</summary>
        public static bool Markdown(IReadOnlyList<BudgetRow> rows)
        {
            Console.Write(DocsTable.Of(rows));
            return true;
        }
    }
}

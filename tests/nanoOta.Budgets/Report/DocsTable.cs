using System.Globalization;
using System.Text;

namespace nanoOta.Budgets.Report
{
    /// <summary>The table in docs/budgets.md: makes it, puts it there, and tells when it is no longer true.</summary>
    internal static class DocsTable
    {
        private const string Header = "| what | unit | measured | budget | verdict | ARM instructions |\n|---|---|---|---|---|---|\n";

        // So that a small change of the core does not need a change of the page.
        private const double Tolerance = 0.02;

        /// <summary>The table.</summary>
        public static string Of(IReadOnlyList<BudgetRow> rows)
        {
            var table = new StringBuilder(Header);
            foreach (BudgetRow row in rows)
            {
                table.Append(CultureInfo.InvariantCulture, $"| {row.What} | {row.Unit} | {row.MeasuredText} | {row.BudgetText} | {row.VerdictText} | {row.CostText} |\n");
            }

            return table.ToString();
        }

        /// <summary>Puts the table in the place of the one in a file.</summary>
        public static bool Write(string file, IReadOnlyList<BudgetRow> rows)
        {
            string page = File.ReadAllText(file);
            (int start, int end) = Find(page);
            File.WriteAllText(file, page[..start] + Of(rows) + page[end..]);
            return true;
        }

        /// <summary>Compares a file's table with what was measured, and tells of rows that differ.</summary>
        public static bool Compare(string file, IReadOnlyList<BudgetRow> rows)
        {
            string page = File.ReadAllText(file);
            (int start, int end) = Find(page);
            string[][] written = [.. page[start..end].Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(2).Select(line => line.Trim('|', ' ').Split(" | "))];
            List<string> stale = [.. rows.Where(row => !written.Any(cells => Says(cells, row))).Select(row => row.What)];
            if (stale.Count == 0 && written.Length == rows.Count)
            {
                return true;
            }

            Console.Error.WriteLine($"{file} is out of date ({string.Join("; ", stale)}). Run: nanoOta.Budgets --write {file}");
            return false;
        }

        private static bool Says(string[] cells, BudgetRow row)
        {
            return cells.Length == 6 && cells[0] == row.What && cells[3] == row.BudgetText
                && IsNear(cells[2], row.Measured, row.MeasuredText) && IsNear(cells[5], row.Cost, row.CostText);
        }

        private static bool IsNear(string cell, double? measured, string text)
        {
            // A small value is rounded by more than the tolerance.
            return cell == text || (measured is { } value && double.TryParse(cell, CultureInfo.InvariantCulture, out double written) && Math.Abs(written - value) <= Tolerance * value);
        }

        private static (int Start, int End) Find(string page)
        {
            int start = page.IndexOf(Header, StringComparison.Ordinal);
            if (start < 0)
            {
                throw new InvalidDataException("The page has no table of budgets.");
            }

            int end = page.IndexOf("\n\n", start, StringComparison.Ordinal);
            return (start, end < 0 ? page.Length : end + 1);
        }
    }
}

using nanoOta.Budgets;
using nanoOta.Budgets.Flow;
using nanoOta.Budgets.Heap;
using nanoOta.Budgets.Il;
using nanoOta.Budgets.Pe;
using nanoOta.Budgets.Report;

Action<IReadOnlyList<BudgetRow>>? print = args switch
{
    [] => Print.Text,
    ["--json"] => Print.Json,
    ["--markdown"] => Print.Markdown,
    _ => null,
};
if (print == null)
{
    Console.Error.WriteLine("usage: nanoOta.Budgets [--json | --markdown]");
    return 2;
}

// A meter that does not measure what it says would let everything pass.
(string Meter, Func<string?> Check)[] checks =
[
    ("pe", PeMeter.SelfCheck), ("il", IlMeter.SelfCheck), ("heap", HeapMeter.SelfCheck), ("state-writes", StateWritesMeter.SelfCheck),
    ("refetched", RefetchMeter.SelfCheck), ("transitions", TransitionsMeter.SelfCheck),
];
foreach ((string meter, Func<string?> check) in checks)
{
    if (check() is { } fault)
    {
        Console.Error.WriteLine($"The meter {meter} is out of order: {fault}.");
        return 3;
    }
}

List<BudgetRow> rows =
[
    HeapMeter.Measure(), .. PeMeter.Measure(Path.Combine(AppContext.BaseDirectory, "device")), StateWritesMeter.Measure(), RefetchMeter.Measure(),
    .. IlMeter.Measure(), TransitionsMeter.Measure(),
];
print(rows);
return rows.Any(row => row.Verdict == Verdict.Broken) ? 1 : 0;

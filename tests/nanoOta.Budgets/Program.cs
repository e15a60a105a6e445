using nanoOta.Budgets;
using nanoOta.Budgets.Flow;
using nanoOta.Budgets.Heap;
using nanoOta.Budgets.Il;
using nanoOta.Budgets.Pe;
using nanoOta.Budgets.Report;

const string Usage = "usage: nanoOta.Budgets [--json | --markdown | --docs FILE | --write FILE | --calibration]";
if (args is ["--calibration"])
{
    // The estimate of mscorlib's .pe beside the real one.
    foreach (string line in PeCalibration.Lines())
    {
        Console.WriteLine(line);
    }

    return PeCalibration.SelfCheck() == null ? 0 : 1;
}

Func<IReadOnlyList<BudgetRow>, bool>? report = args switch
{
    [] => Print.Text,
    ["--json"] => Print.Json,
    ["--markdown"] => Print.Markdown,
    ["--docs", var file] => rows => Print.Text(rows) && DocsTable.Compare(file, rows),
    ["--write", var file] => rows => DocsTable.Write(file, rows),
    _ => null,
};
if (report == null)
{
    Console.Error.WriteLine(Usage);
    return 2;
}

// A meter that does not measure what it says would let everything pass.
(string Meter, Func<string?> Check)[] checks =
[
    ("pe", PeMeter.SelfCheck), ("pe", PeCalibration.SelfCheck), ("il", IlMeter.SelfCheck), ("heap", HeapMeter.SelfCheck), ("state-writes", StateWritesMeter.SelfCheck),
    ("refetched", RefetchMeter.SelfCheck), ("transitions", TransitionsMeter.SelfCheck),
];
foreach ((string meter, Func<string?> check) in checks)
{
    if (check() is { } fault)
    {
        Console.Error.WriteLine($"The meter {meter} does not measure what it should, or what it measures has changed: {fault}.");
        return 3;
    }
}

string shipped = Path.Combine(AppContext.BaseDirectory, "device");
List<BudgetRow> rows =
[
    HeapMeter.Measure(), .. PeMeter.Measure(shipped), StateWritesMeter.Measure(), RefetchMeter.Measure(), .. IlMeter.Measure(shipped), TransitionsMeter.Measure(),
];
bool told = report(rows);
return told && rows.All(row => row.Verdict != Verdict.Broken) ? 0 : 1;

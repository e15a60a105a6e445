using nanoOta.Budgets;
using nanoOta.Budgets.Flow;
using nanoOta.Budgets.Heap;
using nanoOta.Budgets.Il;
using nanoOta.Budgets.Pe;
using nanoOta.Budgets.Report;

const string Usage = "usage: nanoOta.Budgets [--json | --markdown | --docs FILE | --write FILE | --types [ASSEMBLY...]]";
string shipped = Path.Combine(AppContext.BaseDirectory, "device");
if (args is ["--types", .. var assemblies])
{
    // Where the bytes go: of a twin device, or of the assemblies named.
    string[] paths = [.. (assemblies.Length > 0 ? assemblies : PeMeter.TwinSet).Select(name => Path.Combine(shipped, name + ".dll"))];
    TypeSizes.Print(paths);
    TypeSizes.PrintMethods(paths, 40);
    return 0;
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
    ("pe", PeMeter.SelfCheck), ("il", IlMeter.SelfCheck), ("heap", HeapMeter.SelfCheck), ("state-writes", StateWritesMeter.SelfCheck),
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

List<BudgetRow> rows =
[
    HeapMeter.Measure(), .. PeMeter.Measure(shipped), StateWritesMeter.Measure(), RefetchMeter.Measure(), .. IlMeter.Measure(), TransitionsMeter.Measure(),
];
bool told = report(rows);
return told && rows.All(row => row.Verdict != Verdict.Broken) ? 0 : 1;

using nanoOta.Budgets;
using nanoOta.Budgets.Deltas;
using nanoOta.Budgets.Encryption;
using nanoOta.Budgets.Flow;
using nanoOta.Budgets.Heap;
using nanoOta.Budgets.Il;
using nanoOta.Budgets.Pe;
using nanoOta.Budgets.Report;

const string Usage = "usage: nanoOta.Budgets [--json | --markdown | --docs FILE | --write FILE | --types [ASSEMBLY...] | --calibration]";
string shipped = Path.Combine(AppContext.BaseDirectory, "device");
if (args is ["--types", .. var assemblies])
{
    // Where the bytes go: of a twin device, or of the assemblies named.
    string[] paths = [.. (assemblies.Length > 0 ? assemblies : PeMeter.TwinDevice).Select(name => Path.Combine(shipped, name + ".dll"))];
    if (paths.FirstOrDefault(path => !File.Exists(path)) is { } missing)
    {
        Console.Error.WriteLine($"{Path.GetFileNameWithoutExtension(missing)} is no device assembly. {Usage}");
        return 2;
    }

    TypeSizes.Print(paths);
    TypeSizes.PrintMethods(paths, 40);
    return 0;
}

if (args is ["--calibration"])
{
    // The estimate of mscorlib's .pe beside the real one, and weights beside measurements.
    foreach (string line in PeCalibration.Lines().Concat(IlMeter.Calibration()))
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
    ("pe", PeMeter.SelfCheck), ("pe", PeCalibration.SelfCheck), ("il", IlMeter.SelfCheck), ("heap", HeapMeter.SelfCheck),
    ("loader", LoaderMeter.SelfCheck), ("connections", ConnectionsMeter.SelfCheck), ("state-writes", StateWritesMeter.SelfCheck),
    ("refetched", RefetchMeter.SelfCheck), ("transitions", TransitionsMeter.SelfCheck), ("delta", DeltaMeter.SelfCheck),
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
    .. PeMeter.Measure(shipped), .. IlMeter.Measure(), .. HeapMeter.Measure(), .. LoaderMeter.Measure(shipped), ConnectionsMeter.Measure(),
    RefetchMeter.Measure(), StateWritesMeter.Measure(), TransitionsMeter.Measure(), .. DeltaMeter.Measure(), .. EncryptionMeter.Measure(),
];
rows = [.. rows.Select(row => row with { Limit = Ceilings.Of(row.Key) })];
bool told = report(rows);
return told && rows.All(row => row.Verdict != Verdict.Broken) ? 0 : 1;

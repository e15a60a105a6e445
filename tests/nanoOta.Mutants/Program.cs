using System.Diagnostics;
using nanoOta.Mutants;
using nanoOta.Mutants.Coverage;
using nanoOta.Mutants.Il;
using nanoOta.Mutants.Report;
using nanoOta.Mutants.Running;

if (args is ["--help"])
{
    Console.WriteLine(Options.Usage);
    return 0;
}

if (Options.Parse(args, out string error) is not { } options)
{
    Console.Error.WriteLine(error);
    Console.Error.WriteLine(Options.Usage);
    return 2;
}

try
{
    using var repository = new Repository();
    IReadOnlyList<AssemblyFile> assemblies = repository.Assemblies();
    if (options.Assemblies.FirstOrDefault(name => assemblies.All(assembly => assembly.Name != name)) is { } unknown)
    {
        Console.Error.WriteLine($"--assembly {unknown}: the device assemblies are {string.Join(", ", assemblies.Select(assembly => assembly.Name))}.");
        return 2;
    }

    string file = options.Results ?? Path.Combine(repository.WorkFolder, "results.jsonl");
    List<Result> before = Result.Read(file);
    Mutant[] drawn = [.. Drawn(assemblies, before)];
    if (options.List)
    {
        Array.ForEach(drawn, mutant => Console.WriteLine(mutant.Id));
        return 0;
    }

    CoverageMap[] suites = [.. repository.Suites.Select(suite => CoverageMap.Learn(suite, assemblies, options.Jobs, Console.Error))];
    string fingerprint = Campaign.FingerprintOf(suites);
    Dictionary<string, Result> done = before.Where(result => options.Resume && result.Fingerprint == fingerprint).ToDictionary(result => result.Mutant.Id);
    Mutant[] left = [.. drawn.Where(mutant => !done.ContainsKey(mutant.Id))];
    Console.Error.WriteLine($"{drawn.Length} mutants, {left.Length} to run, {suites.Sum(suite => suite.Count)} test classes.");

    // A run of the survivors adds to what the file has, so that it can be interrupted and loses no verdict of another mutant.
    File.WriteAllLines(file, Result.Kept(before, options, fingerprint).Select(result => result.ToJson()));
    var clock = Stopwatch.StartNew();
    int count = 0;
    new Campaign(assemblies, suites) { Effort = options.Effort }.Run(left, options.Jobs, result =>
    {
        done[result.Mutant.Id] = result;
        File.AppendAllLines(file, [result.ToJson()]);
        Console.Error.WriteLine($"{++count}/{left.Length} {clock.Elapsed:hh\\:mm\\:ss} {Print.Line(result)}{(result.Test == null ? "" : "  by " + result.Test)}");
    });

    Result[] results = [.. drawn.Select(mutant => done[mutant.Id]).OrderBy(result => result.Mutant.Assembly, StringComparer.Ordinal).ThenBy(result => result.Mutant.File, StringComparer.Ordinal).ThenBy(result => result.Mutant.Line)];
    Action<IReadOnlyList<Result>, TextWriter> print = options.Json ? Print.Json : Print.Text;
    print(results, Console.Out);
    return Print.PercentKilled(results) < options.AtLeast ? 4 : 0;
}
catch (CampaignException e)
{
    Console.Error.WriteLine(e.Message);
    return 3;
}

IEnumerable<Mutant> Drawn(IReadOnlyList<AssemblyFile> assemblies, List<Result> before)
{
    AssemblyFile[] chosen = [.. assemblies.Where(assembly => options.Assemblies.Count == 0 || options.Assemblies.Contains(assembly.Name))];
    if (options.Survivors)
    {
        HashSet<string> survivors = [.. before.Where(result => result.IsSurvivor).Select(result => result.Mutant.Id)];
        return chosen.SelectMany(assembly => assembly.Mutants).Where(mutant => survivors.Contains(mutant.Id));
    }

    return options.Total is { } total ? Campaign.Draw(chosen.SelectMany(assembly => assembly.Mutants), options.Seed, total)
        : chosen.SelectMany(assembly => Campaign.Draw(assembly.Mutants, options.Seed, options.Count));
}

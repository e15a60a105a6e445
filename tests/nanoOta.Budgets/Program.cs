using nanoOta.Budgets.Pe;
foreach (var f in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "device"), "*.dll"))
{
    var e = PeEstimate.Of(f);
    Console.WriteLine($"{f} {e.Size}");
    foreach (var t in e.Tables) Console.WriteLine($"  {t.Key,-20} {t.Value}");
}

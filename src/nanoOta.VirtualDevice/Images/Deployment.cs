using static nanoOta.VirtualDevice.Images.ImageBytes;

namespace nanoOta.VirtualDevice.Images
{
    /// <summary>
    /// A managed application as it goes into a deployment slot: assemblies one after another, each padded to 4 bytes,
    /// the application last. There is no length, hash or end mark of the whole (docs/images.md).
    /// </summary>
    public sealed class Deployment
    {
        /// <summary>The CLR's room (c_MaxAssemblies); it ignores what comes after without a word.</summary>
        public const int MaximumAssemblies = 64;

        private const string ReferencesCheck = "References";

        private readonly List<ImageCheck> _checks = [];

        private Deployment(IReadOnlyList<NanoAssembly> assemblies)
        {
            Assemblies = assemblies;
        }

        /// <summary>The assemblies found, in order.</summary>
        public IReadOnlyList<NanoAssembly> Assemblies { get; }

        /// <summary>The last assembly, whose version is the deployment's; null when none was found.</summary>
        public NanoAssembly? Application => Assemblies.Count == 0 ? null : Assemblies[^1];

        /// <summary>Bytes that belong to assemblies, padding to 4 included.</summary>
        public int Length { get; private set; }

        /// <summary>Every check that was made.</summary>
        public IReadOnlyList<ImageCheck> Checks => _checks;

        /// <summary>Whether every check holds.</summary>
        public bool Sound => Checks.All(check => check.Ok);

        /// <summary>
        /// Reads a deployment file, or a whole slot: behind the last assembly there may be padding (0x00) or erased flash (0xFF),
        /// and nothing else, because the CLR searches on to the slot's end and would load an assembly it finds there.
        /// Never throws. Reading ends at the first bad header, since nothing behind it can be located.
        /// </summary>
        public static Deployment Read(ReadOnlySpan<byte> bytes)
        {
            var assemblies = new List<NanoAssembly>();
            string? broken = null;
            long end = 0;
            while (broken == null && end < bytes.Length && bytes[(int)end..].ContainsAnyExcept((byte)0x00, (byte)0xFF))
            {
                NanoAssembly? next = NanoAssembly.Read(bytes, (int)end);
                if (next == null || assemblies.Count == MaximumAssemblies)
                {
                    broken = next != null
                        ? $"Offset 0x{end:X}: another assembly; the CLR has room for {MaximumAssemblies}."
                        : $"Offset 0x{end:X}: {bytes.Length - end} bytes that are neither an assembly nor padding.";
                    break;
                }

                assemblies.Add(next);
                if (!next.HeaderOk || next.TotalSize < next.Format.HeaderSize || next.TotalSize > bytes.Length - end)
                {
                    broken = $"Offset 0x{end:X}: what follows this header cannot be located.";
                }
                else
                {
                    end = AlignUp(end + next.TotalSize, 4);
                }
            }

            var deployment = new Deployment(assemblies) { Length = (int)Math.Min(end, bytes.Length) };
            deployment.CheckAll(bytes.Length, broken);
            return deployment;
        }

        /// <summary>
        /// The checks of a file that a loader on stock firmware loads (docs/stock-firmware.md). A reference to what is not in the file may be
        /// met by the loader, which devices check; one to what is in the file must be met by an assembly in front, since they are loaded in order.
        /// </summary>
        public IReadOnlyList<ImageCheck> ChecksForLoader()
        {
            var failures = Assemblies.SelectMany(a => a.References.Where(r => Assemblies.Any(b => b.Offset >= a.Offset && b.Key == r.Key)).Select(r => $"Offset 0x{a.Offset:X}: {a}: needs {r.Name} {r.Version}, which does not stand in front of it."));
            return [.. Checks.Where(check => check.Name != ReferencesCheck), .. ImageCheck.ForEach(ReferencesCheck, [.. failures], "What the file has of the assemblies that are needed stands in front.")];
        }

        /// <summary>
        /// Whether the CLR that holds <paramref name="natives"/> can run this deployment. An assembly with a native checksum must be
        /// in the table with the same one; one without must not be in the table with another (the CLR refuses both).
        /// </summary>
        public IReadOnlyList<ImageCheck> CheckNatives(NativesDescriptor natives)
        {
            var failures = new List<string>();
            foreach (NanoAssembly assembly in Assemblies)
            {
                uint? native = natives.Find(assembly.Name);
                if (native == null ? assembly.NativeChecksum != 0 : native != assembly.NativeChecksum)
                {
                    failures.Add($"Offset 0x{assembly.Offset:X}: {assembly} has native checksum 0x{assembly.NativeChecksum:X8}, the CLR {(native == null ? "does not hold this assembly" : $"0x{native:X8}")}.");
                }
            }

            return [.. ImageCheck.ForEach("Natives", failures, "Every native checksum agrees with the CLR's.")];
        }

        /// <summary>The uniform report. One assembly alone is reported as such, its references unresolved.</summary>
        public ImageReport Report()
        {
            bool single = Assemblies.Count == 1;
            string version = Application?.Version.ToString() ?? "";
            string title = single ? $"nanoFramework assembly {Application}" : $"nanoFramework deployment of {Assemblies.Count} assemblies, application {Application}";
            List<ImageFact> facts =
            [
                new("Format", string.Join(", ", Assemblies.Select(a => a.Format.Marker).Distinct())),
                new("Application", Application?.Name ?? ""),
                new("Version", version),
                new("Length", $"{Length} bytes"),
            ];
            List<string> contents = [];
            foreach (NanoAssembly assembly in Assemblies)
            {
                contents.Add($"0x{assembly.Offset:X6} {assembly.TotalSize,8} bytes  {assembly}{(assembly.NativeChecksum == 0 ? "" : $"  native 0x{assembly.NativeChecksum:X8}")}");
                if (single)
                {
                    contents.AddRange(assembly.References.Select(reference => $"  needs {reference.Name} {reference.Version}"));
                }
            }

            IEnumerable<ImageCheck> checks = single ? Checks.Where(check => check.Name != ReferencesCheck) : Checks;
            return new ImageReport(single ? ImageKind.Assembly : ImageKind.Deployment, title, version, facts, contents, [.. checks]);
        }

        private void CheckAll(int fileLength, string? broken)
        {
            _checks.Add(ImageCheck.Of("Assemblies", Assemblies.Count > 0, $"{Assemblies.Count} found.", "No assembly was found."));
            Add("Header CRC", "Every header CRC agrees.", a => a.HeaderCrc.Computed != a.HeaderCrc.Stored
                ? $"header CRC 0x{a.HeaderCrc.Stored:X8} is stored, 0x{a.HeaderCrc.Computed:X8} computed" : null);
            Add("Body CRC", "Every body CRC agrees.", a => !a.BodyOk
                ? $"body CRC 0x{a.BodyCrc.Stored:X8} is stored, 0x{a.BodyCrc.Computed:X8} computed" : null);
            _checks.AddRange(ImageCheck.ForEach("Structure", [.. Assemblies.SelectMany(a => a.Faults)], "Sizes, tables and names are consistent."));
            Add("Generation", "All assemblies have the same marker.", a => a.Format != Assemblies[0].Format
                ? $"marker {a.Format.Marker} among {Assemblies[0].Format.Marker}" : null);
            Add("Duplicates", "No assembly is there twice.", a => Assemblies.Any(b => b.Offset < a.Offset && b.Name == a.Name && a.Name.Length > 0)
                ? "an assembly of this name is there already" : null);
            var unresolved = Unresolved();
            Add(ReferencesCheck, "Every reference is met by name, major and minor version.", a => unresolved.TryGetValue(a, out string? needs) ? needs : null);
            _checks.Add(ImageCheck.Of("Trailing bytes", broken == null, $"{fileLength - Length} bytes of padding or erased flash follow.", broken ?? ""));
        }

        private void Add(string name, string whenOk, Func<NanoAssembly, string?> fault)
        {
            var failures = Assemblies.Select(a => (Assembly: a, Fault: fault(a))).Where(x => x.Fault != null).Select(x => $"Offset 0x{x.Assembly.Offset:X}: {x.Assembly}: {x.Fault}.");
            _checks.AddRange(ImageCheck.ForEach(name, [.. failures], whenOk));
        }

        /// <summary>As the CLR does it: an assembly is resolved once all it needs are, so a circle never is.</summary>
        private Dictionary<NanoAssembly, string> Unresolved()
        {
            var waiting = Assemblies.ToList();
            var resolved = new HashSet<ReferenceKey>();
            while (waiting.Find(a => a.References.All(r => resolved.Contains(r.Key))) is { } next)
            {
                resolved.Add(next.Key);
                waiting.Remove(next);
            }

            var there = Assemblies.Select(a => a.Key).ToHashSet();
            return waiting.ToDictionary(a => a, a =>
            {
                AssemblyReference missing = a.References.First(r => !resolved.Contains(r.Key));
                return $"needs {missing.Name} {missing.Version}, which is {(there.Contains(missing.Key) ? "itself not resolved" : "not there; on stock firmware the loader may have it")}";
            });
        }
    }
}

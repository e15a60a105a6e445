using System.CommandLine;
using System.CommandLine.Invocation;

namespace nanoOta.Tool
{
    /// <summary>The tool's own help: its commands in groups, by what somebody wants to do. Commands have System.CommandLine's.</summary>
    internal sealed class RootHelp(SynchronousCommandLineAction ofCommands) : SynchronousCommandLineAction
    {
        private static readonly (string Title, string[] Commands)[] _groups =
        [
            ("Try it without a board", ["demo", "device", "image", "hub"]),
            ("Build and publish", ["inspect", "pack", "diff", "keygen", "sign", "verify", "release", "publish", "adu"]),
            ("On the LAN", ["serve", "watch"]),
            ("Fleets", ["deploy", "status", "rollout", "pause", "cancel", "rollback", "withdraw", "doctor", "explain", "codes"]),
            ("Prove it", ["powerfail", "soak", "fuzz"]),
        ];

        /// <inheritdoc/>
        public override bool ClearsParseErrors => true;

        /// <inheritdoc/>
        public override int Invoke(ParseResult parseResult)
        {
            if (parseResult.CommandResult.Parent != null)
            {
                return ofCommands.Invoke(parseResult);
            }

            Command root = parseResult.CommandResult.Command;
            TextWriter output = parseResult.InvocationConfiguration.Output;
            output.WriteLine(root.Description);
            output.WriteLine();
            output.WriteLine("Usage: nanoota COMMAND [ARGUMENTS] [OPTIONS]");
            var left = root.Subcommands.ToDictionary(command => command.Name);
            foreach ((string title, string[] names) in _groups)
            {
                Write(output, title, [.. names.Where(left.ContainsKey).Select(name => left[name])]);
                Array.ForEach(names, name => left.Remove(name));
            }

            Write(output, "Others", [.. left.Values]);
            output.WriteLine();
            output.WriteLine("Options of every command:");
            foreach (Option option in root.Options.Where(option => option.Recursive || option.Name is "--version" or "--help"))
            {
                output.WriteLine($"  {option.Name,-12} {option.Description}");
            }

            output.WriteLine();
            output.WriteLine("'nanoota COMMAND --help' tells more of a command, with an example.");
            return (int)ExitCode.Done;
        }

        /// <summary>The command that somebody may have meant; null when none is near.</summary>
        public static string? Nearest(string word, IEnumerable<string> commands)
        {
            string? nearest = commands.MinBy(name => Distance(word, name));
            return nearest != null && Distance(word, nearest) <= Math.Max(1, nearest.Length / 3) ? nearest : null;
        }

        private static void Write(TextWriter output, string title, IReadOnlyList<Command> commands)
        {
            if (commands.Count == 0)
            {
                return;
            }

            output.WriteLine();
            output.WriteLine($"{title}:");
            foreach (Command command in commands)
            {
                output.WriteLine($"  {command.Name,-12} {FirstSentence(command.Description ?? "")}");
            }
        }

        private static string FirstSentence(string text)
        {
            string line = text.Split('\n')[0].TrimEnd('\r');
            int end = line.IndexOf(". ", StringComparison.Ordinal);
            return end < 0 ? line : line[..(end + 1)];
        }

        // Levenshtein's.
        private static int Distance(string a, string b)
        {
            int[] row = [.. Enumerable.Range(0, b.Length + 1)];
            for (int i = 1; i <= a.Length; i++)
            {
                int corner = row[0];
                row[0] = i;
                for (int j = 1; j <= b.Length; j++)
                {
                    int above = row[j];
                    row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, corner + (a[i - 1] == b[j - 1] ? 0 : 1));
                    corner = above;
                }
            }

            return row[^1];
        }
    }
}

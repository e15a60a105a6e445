using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using nanoOta.Tool.Commands;

namespace nanoOta.Tool
{
    /// <summary>The command line: which commands there are, and what they have in common.</summary>
    public sealed class CommandLine
    {
        private readonly TextWriter _output;
        private readonly TextWriter _error;
        private readonly bool _terminal;
        private readonly Option<bool> _json = new("--json") { Description = "Print JSON, one object a line.", Recursive = true };

        private CommandLine(TextWriter output, TextWriter error, bool terminal, CancellationToken stop)
        {
            Stop = stop;
            _output = output;
            _error = error;
            _terminal = terminal;
        }

        /// <summary>Runs the tool.</summary>
        /// <param name="args">The arguments, without the program's name.</param>
        /// <param name="output">Takes what the command prints.</param>
        /// <param name="error">Takes error messages.</param>
        /// <param name="terminal">Whether <paramref name="output"/> is a terminal.</param>
        /// <param name="stop">Ends a command that serves.</param>
        /// <returns>An <see cref="ExitCode"/>.</returns>
        public static int Run(string[] args, TextWriter output, TextWriter error, bool terminal = false, CancellationToken stop = default)
        {
            var line = new CommandLine(output, error, terminal, stop);
            ParseResult result = line.Parse(args);
            if (result.Errors.Count > 0)
            {
                // A list of what would be right stands on lines of its own; .NET's name of a type helps nobody.
                string message = string.Join(' ', result.Errors[0].Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Split(" as expected type '")[0];
                line.OutputFor(result).Error($"{message.TrimEnd('.')}. See '{string.Join(' ', Names(result.CommandResult))} --help'.");
                return (int)ExitCode.Usage;
            }

            return result.Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        }

        /// <summary>Ends a command that serves.</summary>
        internal CancellationToken Stop { get; }

        /// <summary>Whether a command line is right in form, without running it.</summary>
        internal static bool IsWellFormed(IReadOnlyList<string> args)
        {
            return new CommandLine(TextWriter.Null, TextWriter.Null, terminal: false, CancellationToken.None).Parse(args).Errors.Count == 0;
        }

        /// <summary>Every command that does something, by its words: "device run".</summary>
        internal static IEnumerable<string> CommandNames()
        {
            return NamesOf(new CommandLine(TextWriter.Null, TextWriter.Null, terminal: false, CancellationToken.None).Root(), "");
        }

        /// <summary>Lets a command do this when it is called.</summary>
        internal Command On(Command command, Func<ParseResult, Output, ExitCode> work)
        {
            command.SetAction(result =>
            {
                Output to = OutputFor(result);
                try
                {
                    return (int)work(result, to);
                }
                catch (Failure failure)
                {
                    to.Error(failure.Message);
                    return (int)failure.Code;
                }
                catch (Exception e)
                {
                    to.Error($"internal error: {e.GetType().Name}: {e.Message}");
                    return (int)ExitCode.InternalError;
                }
            });
            return command;
        }

        // The command with those it belongs to: "nanoota device run".
        private static IEnumerable<string> Names(SymbolResult? result)
        {
            return result is CommandResult command ? [.. Names(command.Parent), command.Command.Name] : [];
        }

        private static IEnumerable<string> NamesOf(Command command, string before)
        {
            return command.Subcommands.Count == 0 ? [before.TrimStart()] : command.Subcommands.SelectMany(sub => NamesOf(sub, $"{before} {sub.Name}"));
        }

        private ParseResult Parse(IReadOnlyList<string> args)
        {
            return Root().Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        }

        private Command Root()
        {
            var root = new Command("nanoota", """
                Over-the-air updates for .NET nanoFramework: make and inspect images, pack and sign updates, and run them on a virtual device.

                Exit codes: 0 done; 1 internal error; 2 wrong usage or unreadable input; 3 refused or rolled back; 4 unsound or not accepted; 5 not settled in time; 9 power cut.

                Start with: nanoota demo
                """);
            root.Options.Add(_json);
            root.Options.Add(new HelpOption());
            root.Options.Add(new VersionOption());
            root.Subcommands.Add(DemoCommand.Create(this));
            root.Subcommands.Add(ImageCommand.Create(this));
            root.Subcommands.Add(InspectCommand.Create(this));
            root.Subcommands.Add(PackCommand.Create(this));
            root.Subcommands.Add(KeygenCommand.Create(this));
            root.Subcommands.Add(SignCommand.Create(this));
            root.Subcommands.Add(VerifyCommand.Create(this));
            root.Subcommands.Add(ServeCommand.Create(this));
            root.Subcommands.Add(WatchCommand.Create(this));
            root.Subcommands.Add(HubCommand.Create(this));
            root.Subcommands.Add(new Command("device", "Make and run virtual devices.")
            {
                DeviceNewCommand.Create(this),
                DeviceRunCommand.Create(this),
            });
            root.Subcommands.Add(new Command("adu", "Make and judge what Azure Device Update takes and sends.")
            {
                AduImportManifestCommand.Create(this),
                AduImportManifestCommand.CreateCheck(this),
                AduRequestCommand.Create(this),
                AduVerifyCommand.Create(this),
            });
            root.Subcommands.Add(PowerFailCommand.Create(this));
            root.Subcommands.Add(SoakCommand.Create(this));
            root.Subcommands.Add(FuzzCommand.Create(this));
            root.Subcommands.Add(CodesCommand.Create(this));
            return root;
        }

        private Output OutputFor(ParseResult result)
        {
            return new Output(_output, _error, result.GetValue(_json), _terminal);
        }
    }
}

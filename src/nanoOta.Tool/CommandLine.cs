using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
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
        private readonly Option<string?> _settings = new("--settings") { Description = $"A JSON file with what need not be typed each time; {Settings.DefaultFile} in the current folder when not given.", Recursive = true };

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
            if (UnknownCommand(result) is { } unknown)
            {
                line.OutputFor(result).Error(unknown);
                return (int)ExitCode.Usage;
            }

            if (UnknownOption(result) is { } option)
            {
                line.OutputFor(result).Error($"there is no option {option}. See '{string.Join(' ', Names(result.CommandResult))} --help'.");
                return (int)ExitCode.Usage;
            }

            if (result.Errors.Count > 0)
            {
                // A list of what would be right stands on lines of its own; .NET's name of a type helps nobody.
                string message = string.Join(' ', result.Errors[0].Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Split(" as expected type '")[0];
                line.OutputFor(result).Error($"{message.TrimEnd('.')}. See '{string.Join(' ', Names(result.CommandResult))} --help'.");
                return (int)ExitCode.Usage;
            }

            if (result.CommandResult.Parent == null && result.GetValue(line._json) && result.Action == result.CommandResult.Command.Action)
            {
                // The help is for people.
                line.OutputFor(result).Error("no command is given. See 'nanoota --help'.");
                return (int)ExitCode.Usage;
            }

            return result.Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        }

        /// <summary>Ends a command that serves.</summary>
        internal CancellationToken Stop { get; }

        /// <summary>What need not be typed each time.</summary>
        /// <exception cref="Failure">The file cannot be read.</exception>
        internal Settings SettingsOf(ParseResult result) => Settings.Read(SettingsFileOf(result));

        /// <summary>The settings file that a command was given; null: none.</summary>
        internal string? SettingsFileOf(ParseResult result) => result.GetValue(_settings);

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
                catch (OperationCanceledException)
                {
                    to.Error("ended by Ctrl+C. Nothing is half done: run the command again, and what is done already is not done twice.");
                    return (int)ExitCode.Interrupted;
                }
                catch (Exception e)
                {
                    to.Error($"internal error: {e.GetType().Name}: {e.Message}");
                    return (int)ExitCode.InternalError;
                }
            });
            return command;
        }

        /// <summary>The same for work that waits: Ctrl+C ends it where nothing is half done.</summary>
        internal Command On(Command command, Func<ParseResult, Output, CancellationToken, Task<ExitCode>> work)
        {
            return On(command, (result, output) =>
            {
                using var end = new Interrupt(Stop);
                return work(result, output, end.Token).GetAwaiter().GetResult();
            });
        }

        private static string? UnknownCommand(ParseResult result)
        {
            Command within = result.CommandResult.Command;
            string? word = result.UnmatchedTokens.FirstOrDefault(token => !token.StartsWith('-'));
            if (within.Subcommands.Count == 0 || word == null)
            {
                return null;
            }

            string path = string.Join(' ', Names(result.CommandResult));
            string near = RootHelp.Nearest(word, within.Subcommands.Select(command => command.Name)) is { } nearest ? $"Did you mean '{path} {nearest}'? " : "";
            return $"there is no command '{path} {word}'. {near}See '{path} --help'.";
        }

        // What looks like an option and is none is taken for an argument, and what follows it is then blamed.
        private static string? UnknownOption(ParseResult result)
        {
            return result.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash)
                .FirstOrDefault(token => token.Type == TokenType.Argument && token.Value.Length > 2 && token.Value.StartsWith("--", StringComparison.Ordinal))?.Value;
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

                Exit codes: 0 done; 1 internal error; 2 wrong usage or unreadable input; 3 refused or rolled back; 4 unsound, not accepted or for another board; 5 not settled in time; 6 credentials not accepted; 7 exists with other content; 8 network; 9 power cut; 10 throttled; 11 no such device, group or rollout; 12 this computer's clock is off; 13 rollout paused; 14 version not newer; 130 Ctrl+C.

                Start with: nanoota demo
                """);
            var help = new HelpOption();
            help.Action = new RootHelp((SynchronousCommandLineAction)help.Action!);
            root.Options.Add(_json);
            root.Options.Add(_settings);
            root.Options.Add(help);
            root.SetAction(((RootHelp)help.Action).Invoke);
            root.Options.Add(new VersionOption());
            root.Subcommands.Add(DemoCommand.Create(this));
            root.Subcommands.Add(ImageCommand.Create(this));
            root.Subcommands.Add(InspectCommand.Create(this));
            root.Subcommands.Add(PackCommand.Create(this));
            root.Subcommands.Add(DiffCommand.Create(this));
            root.Subcommands.Add(KeygenCommand.Create(this));
            root.Subcommands.Add(SignCommand.Create(this));
            root.Subcommands.Add(VerifyCommand.Create(this));
            root.Subcommands.Add(ReleaseCommand.Create(this));
            root.Subcommands.Add(PublishCommand.Create(this));
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
            root.Subcommands.Add(DeployCommand.Create(this));
            root.Subcommands.Add(StatusCommand.Create(this));
            root.Subcommands.Add(RolloutCommand.Create(this));
            root.Subcommands.Add(RolloutCommand.CreatePause(this));
            root.Subcommands.Add(RolloutCommand.CreateCancel(this));
            root.Subcommands.Add(RollbackCommand.Create(this));
            root.Subcommands.Add(RollbackCommand.CreateWithdraw(this));
            root.Subcommands.Add(DoctorCommand.Create(this));
            root.Subcommands.Add(ExplainCommand.Create(this));
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

using System.CommandLine;
using System.Text.Json.Nodes;
using nanoOta.Tool.Publishing;

namespace nanoOta.Tool.Commands
{
    /// <summary><c>nanoota publish</c>.</summary>
    internal static class PublishCommand
    {
        public static Command Create(CommandLine line)
        {
            var folder = new Argument<string>("DIR") { Description = "The folder with what 'nanoota pack' wrote." };
            var version = new Option<string?>("--version") { Description = "The one version to publish; all in the folder when not given." };
            var token = new Option<string?>("--token-out") { Description = "Write a shared access signature that lets devices read for --days days to this file, which only you may read." };
            var container = new ContainerOptions();
            var command = new Command("publish", """
                Publish packed updates to blob storage or a folder: images first, manifests last, never over what is there, each file read back. When it breaks off, run it again.

                Example: nanoota publish firmware --container https://contoso.blob.core.windows.net/firmware
                """) { folder, version, token };
            container.AddTo(command);
            return line.On(command, async (result, output, stop) =>
            {
                Settings settings = line.SettingsOf(result);
                Publication publication = Publication.In(result.GetRequiredValue(folder), result.GetValue(version));
                IContainer to = container.Open(result, settings);
                int written = await new Publisher(to, output).PublishAsync(publication, stop);
                if (result.GetValue(token) is { } path)
                {
                    string? query = await container.TokenAsync(result, settings, to, stop);
                    OutputFile.WriteSecret(path, System.Text.Encoding.ASCII.GetBytes(query ?? ""));
                    output.Line(query == null ? $"{path}: empty, because {to.Name} needs no signature" : $"{path}: a signature that reads {to.Name}. Whoever has it can fetch what is there.");
                }

                output.Line($"{publication.Files.Count} files, {written} of them new.");
                output.Json(new JsonObject { ["container"] = to.Name, ["files"] = publication.Files.Count, ["new"] = written });
                return ExitCode.Done;
            });
        }
    }
}

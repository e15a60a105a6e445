using System.CommandLine;
using System.Text.Json.Nodes;
using nanoOta.Tool.Packing;

namespace nanoOta.Tool.Commands
{
    /// <summary><c>nanoota image flash</c>.</summary>
    internal static class ImageFlashCommand
    {
        public static Command Create(CommandLine line)
        {
            var layout = new Option<string>("--layout") { Description = $"The flash layout: {LayoutName.All}.", Required = true };
            var bootloader = new Option<string?>("--bootloader") { Description = "The bootloader; without it the board's own stays, and there is no merged file." };
            var clr = new Option<string>("--clr") { Description = "The firmware, nanoCLR.bin.", Required = true };
            var deployment = new Option<string>("--deployment") { Description = "The application's deployment.", Required = true };
            var folder = new Option<string>("--out") { Description = "The folder to write to; it is made when it is not there.", Required = true };
            var command = new Command("flash", """
                Make what esptool writes at a board's first flashing, and at its reset to the factory state: the files, flash.args with their offsets, and flash.bin, which holds all of them and goes to offset 0. Checks that each file fits its partition and that the firmware starts the deployment.

                What lies between the files is erased flash: flash.bin forgets updates and their state, certificates and network settings in nvs.

                Example: nanoota image flash --layout esp32-8mb --bootloader bootloader.bin --clr nanoCLR.bin --deployment app.bin --out factory
                """) { layout, bootloader, clr, deployment, folder };
            return line.On(command, (result, output) =>
            {
                var image = FlashImage.Make(
                    LayoutName.Find(result.GetRequiredValue(layout)),
                    result.GetValue(bootloader) is { } path ? InputFile.Bytes(path) : null,
                    InputFile.Bytes(result.GetRequiredValue(clr)),
                    InputFile.Bytes(result.GetRequiredValue(deployment)));
                string to = result.GetRequiredValue(folder);
                Failure.OfFiles($"cannot make {to}", () => Directory.CreateDirectory(to));
                var files = new JsonArray();
                foreach ((string name, int offset, byte[] bytes) in image.Files)
                {
                    string file = Path.Combine(to, name);
                    output.Line($"0x{offset:x6}  {file}, {bytes.Length} bytes");
                    files.Add((JsonNode)new JsonObject { ["file"] = file, ["offset"] = offset, ["size"] = bytes.Length });
                }

                foreach ((string name, byte[] bytes) in image.Content)
                {
                    OutputFile.Write(Path.Combine(to, name), bytes);
                }

                string merged = Path.Combine(to, "flash.bin");
                if (image.Merged != null)
                {
                    output.Line($"0x000000  {merged}, {image.Merged.Length} bytes: all of them");
                }

                output.Line();
                output.Line($"In {to}: esptool.py write_flash {(image.Merged == null ? "@flash.args" : "0x0 flash.bin")}");
                output.Json(new JsonObject { ["files"] = files, ["arguments"] = Path.Combine(to, "flash.args"), ["merged"] = image.Merged == null ? null : merged });
                return ExitCode.Done;
            });
        }
    }
}

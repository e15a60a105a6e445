using System.CommandLine;
using System.Globalization;
using System.CommandLine.Parsing;
using System.Text.Json.Nodes;
using nanoOta.VirtualDevice.Images;
using nanoOta.VirtualDevice.Mcu;

namespace nanoOta.Tool.Commands
{
    /// <summary><c>nanoota image make</c>.</summary>
    internal static class ImageCommand
    {
        public static Command Create(CommandLine line)
        {
            var kind = new Option<string>("--kind") { Description = "deployment (a managed application), esp32 (a nanoCLR firmware) or mcuboot (an external MCU's firmware, not signed).", Required = true };
            var version = new Option<string>("--version") { Description = "The image's own version, a.b.c or a.b.c.d.", Required = true };
            var size = new Option<int>("--size") { Description = "Bytes, or KiB as in 200k: a multiple of 4 for a deployment, of 16 for esp32; any for mcuboot.", Required = true, CustomParser = Size };
            var seed = new Option<ulong>("--seed") { Description = "Another seed gives another content of the same version." };
            var file = new Option<string>("--out") { Description = "The file to write.", Required = true };
            kind.AcceptOnlyFromAmong("deployment", "esp32", "mcuboot");
            var make = new Command("make", """
                Make an image of exactly that size that every check accepts: for trying out updates, not for devices. The same arguments give the same bytes.

                Example: nanoota image make --kind deployment --version 1.1.0 --size 200000 --out app.bin
                """) { kind, version, size, seed, file };
            line.On(make, (result, output) =>
            {
                byte[] image = Make(result.GetRequiredValue(kind), result.GetRequiredValue(version), result.GetRequiredValue(size), result.GetValue(seed));
                string path = result.GetRequiredValue(file);
                OutputFile.Write(path, image);
                output.Line($"{path}: {ImageFile.Identify(image).Title}, {image.Length} bytes");
                output.Json(new JsonObject { ["file"] = path, ["kind"] = result.GetRequiredValue(kind), ["version"] = result.GetRequiredValue(version), ["size"] = image.Length });
                return ExitCode.Done;
            });
            return new Command("image", "Make images.") { make, ImageFlashCommand.Create(line) };
        }

        private static byte[] Make(string kind, string text, int size, ulong seed)
        {
            if (!AssemblyVersion.TryParse(text, out AssemblyVersion version))
            {
                throw new Failure(ExitCode.Usage, $"'{text}' is no version of an image: a.b.c or a.b.c.d, each number from 0 to 65535.");
            }

            bool deployment = kind == "deployment";
            bool mcuboot = kind == "mcuboot";
            int step = mcuboot ? 1 : deployment ? DeploymentBuilder.SizeStep : EspImageBuilder.SizeStep;
            int least = mcuboot ? McubootImages.Overhead + 1 : deployment ? SampleImages.DeploymentMinimum : SampleImages.Esp32Minimum;
            if (size % step != 0 || size < least || size > InputFile.MaxLength)
            {
                throw new Failure(ExitCode.Usage, $"{size} bytes cannot be made: this kind of image has a multiple of {step} bytes, from {least} to {InputFile.MaxLength}.");
            }

            if (mcuboot && (version.Major > byte.MaxValue || version.Minor > byte.MaxValue))
            {
                throw new Failure(ExitCode.Usage, $"'{text}' is no version of an MCUboot image: its first two numbers are from 0 to 255.");
            }

            return mcuboot ? McubootImages.Make($"{version.Major}.{version.Minor}.{version.Build}", size - McubootImages.Overhead, seed)
                : deployment ? SampleImages.Deployment(version, size, seed) : SampleImages.Esp32(version.ToString(), size, seed);
        }

        private static int Size(ArgumentResult given)
        {
            string text = given.Tokens.Count == 1 ? given.Tokens[0].Value : "";
            bool isKibibytes = text.EndsWith('k') || text.EndsWith('K');
            if (int.TryParse(isKibibytes ? text[..^1] : text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number <= (isKibibytes ? int.MaxValue / 1024 : int.MaxValue))
            {
                return isKibibytes ? number * 1024 : number;
            }

            given.AddError($"--size is '{text}', which is neither a number of bytes nor of KiB, such as 200k.");
            return 0;
        }
    }
}

using System.CommandLine;
using System.Text.Json.Nodes;
using nanoOta.Tool.Devices;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tool.Commands
{
    /// <summary><c>nanoota device new</c>.</summary>
    internal static class DeviceNewCommand
    {
        public static Command Create(CommandLine line)
        {
            var state = new Option<string>("--state") { Description = "The folder to keep the device in.", Required = true };
            var layout = new Option<string>("--layout") { Description = $"The flash layout: {LayoutName.All}.", Required = true };
            var image = new Option<string>("--image") { Description = "The deployment it leaves the factory with; with stock-4mb, the application that its loader loads.", Required = true };
            var clr = new Option<string?>("--clr") { Description = "The firmware; one that goes with the deployment is made up when not given." };
            return line.On(new Command("new", """
                Make a virtual device as it leaves the factory.

                Example: nanoota device new --state washer --layout esp32-4mb --image v1_0_0.bin
                """) { state, layout, image, clr }, (result, output) =>
            {
                string folder = result.GetRequiredValue(state);
                FlashLayout chosen = LayoutName.Find(result.GetRequiredValue(layout));
                byte[] deployment = InputFile.Bytes(result.GetRequiredValue(image));
                byte[]? firmware = result.GetValue(clr) is { } path ? InputFile.Bytes(path) : null;
                StateFolder device = StateFolder.Create(folder, chosen, Make(chosen, deployment, firmware));
                string version = Deployment.Read(deployment).Application!.Version.ToString();
                output.Line($"{folder}: device {device.DeviceId}, layout {chosen.Name}, application {version}");
                output.Json(new JsonObject { ["state"] = folder, ["deviceId"] = device.DeviceId, ["layout"] = chosen.Name, ["target"] = chosen.Target, ["application"] = version });
                return ExitCode.Done;
            });
        }

        private static Storage Make(FlashLayout layout, byte[] deployment, byte[]? firmware)
        {
            try
            {
                return Storage.Make(layout, deployment, firmware);
            }
            catch (ArgumentException e)
            {
                throw new Failure(ExitCode.Unsound, e.Message);
            }
        }
    }
}

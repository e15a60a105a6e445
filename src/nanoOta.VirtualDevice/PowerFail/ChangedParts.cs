using nanoOta.VirtualDevice.Deltas;

namespace nanoOta.VirtualDevice.PowerFail
{
    /// <summary>A new deployment of which only what changed is fetched: in ranges of its file, or from a patch.</summary>
    internal sealed class ChangedParts(string name, string about, bool withPatch) : Scenario
    {
        public override string Name => name;

        public override string About => about;

        public override bool IsInParts => true;

        public override bool RaisesCounter => true;

        public override void Begin(World world)
        {
            world.Publish("1.1.0", "1.1.0", null, "\"counter\":7,");
            world.Request("1.1.0");
        }

        internal override string MembersOf(World world, string version, byte[] image)
        {
            byte[] old = world.DeploymentImage(version == "9.0.0" ? "1.1.0" : Images.Factory)!;
            string parts = $"\"parts\":\"{ImageParts.Read(image)!.Base64}\",";
            if (!withPatch)
            {
                return parts;
            }

            byte[] patch = PatchWriter.Write(old, image);
            string file = $"v{version}.lz4";
            world.Server.Put(World.Container + file, patch);
            return parts + $$"""
                "patches":[{"from":"{{ImageParts.Read(old)!.Id}}","url":"{{file}}","size":{{patch.Length}},"sha256":"0000000000000000000000000000000000000000000000000000000000000000"}],
                """;
        }
    }

    /// <summary>Back to the version before, which the idle slot still holds.</summary>
    internal sealed class WayBack : Scenario
    {
        public override string Name => "way-back";

        public override string About => "a new deployment, then the one before again, which the idle slot still holds";

        public override string Expected => "1.2.0";

        public override void Begin(World world)
        {
            world.Publish("1.1.0", "1.1.0", null);
            world.Publish("1.2.0", Images.Factory, null, "\"allowDowngrade\":true,");
            world.Request("1.1.0");
        }

        public override bool WhenIdle(World world)
        {
            bool isFirst = world.Device!.Status!.Current == "1.1.0";
            if (isFirst)
            {
                world.Request("1.2.0");
            }

            return isFirst;
        }
    }
}

using System.Text.Json.Nodes;
using nanoOta.VirtualDevice.Boot;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.VirtualDevice.PowerFail
{
    /// <summary>
    /// What the operator, the servers and the versions do while a device updates, written so that it goes on wherever the device's
    /// power is cut; and what must have come of it in the end.
    /// </summary>
    public abstract class Scenario
    {
        /// <summary>The layout of scenarios about a channel; it has two firmware slots.</summary>
        public const string ChannelLayout = "esp32-8mb";

        /// <summary>The name, as commands take it.</summary>
        public abstract string Name { get; }

        /// <summary>One line on what happens.</summary>
        public abstract string About { get; }

        /// <summary>Whether it needs two firmware slots.</summary>
        public virtual bool NeedsFirmwareSlots => false;

        /// <summary>Whether it is about a channel, and so runs on one layout: others show what a cut does to the flash.</summary>
        public virtual bool IsOfChannel => false;

        /// <summary>The version that must run in the end.</summary>
        public virtual string Expected => "1.1.0";

        /// <summary>The firmware that must run in the end; null: the one of that version.</summary>
        public virtual string? ExpectedFirmware => null;

        /// <summary>What the last report must say of the last update.</summary>
        public virtual ResultCode ExpectedCode => ResultCode.Applied;

        /// <summary>The version that the last report must say the last update was to.</summary>
        public virtual string LastVersion => Expected;

        /// <summary>Whether the update that is applied has a counter, which must have risen in the end.</summary>
        public virtual bool RaisesCounter => false;

        /// <summary>Whether a cut may come early enough that nothing ends which could be reported.</summary>
        public virtual bool MayLackResult => false;

        /// <summary>Whether nothing may be fetched twice but what a checkpoint costs. Not so when the journal is lost.</summary>
        public virtual bool KeepsJournal => true;

        /// <summary>Whether deployments consist of several assemblies, whose reads from the active slot are injection points.</summary>
        public virtual bool IsInParts => false;

        /// <summary>More members of the component <c>deployment</c> in a manifest, each with its comma.</summary>
        internal virtual string MembersOf(World world, string version, byte[] image)
        {
            return "";
        }

        /// <summary>The file that an image is published as.</summary>
        internal virtual byte[] FileOf(string component, byte[] image)
        {
            return image;
        }

        /// <summary>What opens encrypted images, after a boot; null: nothing does.</summary>
        internal virtual IImageDecryption? Decryption()
        {
            return null;
        }

        /// <summary>The update request at the beginning, and what is on the server.</summary>
        public abstract void Begin(World world);

        /// <summary>The desired properties of an update request.</summary>
        /// <param name="world">The world.</param>
        /// <param name="version">The version that is requested.</param>
        /// <param name="more">More members.</param>
        internal virtual string Request(World world, string version, string more)
        {
            return $$"""{"updateVersion":"{{version}}",{{more}}"updateUrl":"{{World.Container}}"}""";
        }

        /// <summary>The device's channel after a boot.</summary>
        internal virtual IUpdateChannel Connect(World world, UpdateAgentOptions options)
        {
            return new HubChannel(world);
        }

        /// <summary>Judges what was reported last.</summary>
        /// <param name="world">The world.</param>
        /// <param name="boots">The slot that boots.</param>
        /// <returns>Null when it is true, otherwise what is not.</returns>
        internal virtual string? FindInReport(World world, string boots)
        {
            JsonObject report = JsonNode.Parse(world.Reported ?? "{}")!.AsObject();
            string? current = (string?)report["current"];
            JsonNode? last = report["last"];
            bool unsaid = MayLackResult && last == null;
            return current != Expected || (string?)report["state"] != "idle" ? $"reported {current}, {report["state"]}"
                : (string?)report["slot"] != boots ? $"reported {report["slot"]}, {boots} boots"
                : !unsaid && ((int?)last?["code"] != (int)ExpectedCode || (string?)last["version"] != LastVersion) ? $"reported {last?.ToJsonString()} as the last result" : null;
        }

        /// <summary>What a version does when it is on trial.</summary>
        public virtual SelfTestMode SelfTest(World world, string version)
        {
            return SelfTestMode.Pass;
        }

        /// <summary>Whether it can run on a layout.</summary>
        public virtual bool SuitsTo(FlashLayout layout)
        {
            return IsOfChannel ? layout.Name == ChannelLayout : !NeedsFirmwareSlots || new SlotMap(layout).Firmware.Count > 1;
        }

        /// <summary>How many sectors the journal has.</summary>
        private protected static int JournalSectors(FlashLayout layout)
        {
            Partition journal = new SlotMap(layout).Journal;
            return layout.Sectors.In(journal.Offset, (uint)journal.End).Count();
        }

        /// <summary>Called whenever the device looks to the hub.</summary>
        public virtual void Step(World world)
        {
        }

        /// <summary>Called at each read from the network.</summary>
        internal virtual void Fetching(World world)
        {
        }

        /// <summary>Called at an injection point where the power is to be cut.</summary>
        /// <returns>Whether it is.</returns>
        internal virtual bool Allows(World world, Cut cut)
        {
            return true;
        }

        /// <summary>Called at each boot.</summary>
        public virtual void Booted(World world)
        {
        }

        /// <summary>Called when the device has become idle.</summary>
        /// <returns>True when something has happened to it, so that it is to be turned on again.</returns>
        public virtual bool WhenIdle(World world)
        {
            return false;
        }

        /// <summary>Called when a version goes on trial.</summary>
        public virtual void TrialBegins(World world)
        {
        }
    }
}

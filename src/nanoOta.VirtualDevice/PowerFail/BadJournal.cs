using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.VirtualDevice.PowerFail
{
    /// <summary>A new deployment on a device whose journal is of no use: it explains and resumes, and must not be needed.</summary>
    internal sealed class BadJournal(string name, string about, BadJournal.Damage damage) : Scenario
    {
        /// <summary>What is wrong with the journal.</summary>
        public enum Damage
        {
            /// <summary>Nothing is in it.</summary>
            Empty,

            /// <summary>The second half of each record is missing.</summary>
            Torn,

            /// <summary>It is that of another device, about another update.</summary>
            Unrecognized,

            /// <summary>Every other sector does not take anything any more.</summary>
            Worn,
        }

        public override string Name => name;

        public override string About => about;

        public override bool KeepsJournal => damage == Damage.Worn;

        public override bool MayLackResult => !KeepsJournal;

        public override bool SuitsTo(FlashLayout layout)
        {
            return damage != Damage.Worn || JournalSectors(layout) > 1;
        }

        public override void Begin(World world)
        {
            world.Publish("1.1.0", "1.1.0", null);
            world.Request("1.1.0");
            world.Kept = damage == Damage.Unrecognized ? OtherDevices(world) : null;
            if (damage == Damage.Worn)
            {
                world.Flash.Worn.UnionWith([.. Sectors(world).Where((_, i) => i % 2 == 0).Select(at => at / NorFlash.BlockLength)]);
            }
        }

        public override void Booted(World world)
        {
            if (damage == Damage.Worn)
            {
                return;
            }

            var unrecognized = (byte[][]?)world.Kept;
            foreach ((int at, int index) in Sectors(world).Select((at, index) => (at, index)))
            {
                byte[] sector = unrecognized?[index] ?? world.Flash.Read(at, NorFlash.BlockLength);
                for (int record = 0; unrecognized == null && record < sector.Length; record += Journal.RecordLength)
                {
                    Spoil(sector.AsSpan(record, Journal.RecordLength), damage);
                }

                world.Flash.Replace(at, sector);
            }
        }

        private static void Spoil(Span<byte> record, Damage damage)
        {
            record[(damage == Damage.Torn ? record.Length / 2 : 0)..].Fill(0xFF);
        }

        // A journal from the middle of another device's download.
        private static byte[][] OtherDevices(World world)
        {
            var other = new World(new OtherUpdate(), world.Layout, [new Cut(30, new Tear(TearKind.Nothing, 0))]);
            other.PowerOn();
            other.Flash.PowerOn();
            return [.. Sectors(other).Select(at => other.Flash.Read(at, NorFlash.BlockLength))];
        }

        private static IEnumerable<int> Sectors(World world)
        {
            return world.Flash.Sectors.In(world.Map.Journal.Offset, (uint)world.Map.Journal.End);
        }

        private sealed class OtherUpdate : Scenario
        {
            public override string Name => "other";

            public override string About => "another device's update";

            public override void Begin(World world)
            {
                world.Publish("1.3.0", "1.3.0", null, "\"counter\":99,");
                world.Request("1.3.0");
            }
        }
    }
}

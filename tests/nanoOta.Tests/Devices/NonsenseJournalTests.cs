namespace nanoOta.Tests.Devices
{
    /// <summary>A journal with the right checksum and absurd contents: nothing is lost, and the update still comes to its end.</summary>
    public class NonsenseJournalTests
    {
        private static readonly uint[] _absurd = [0, 1, 2, 3, 7, 4095, 4097, 8192, 9000, 12288, 0x7FFFFFFF, 0x80000000, 0xFFFFF000, 0xFFFFFFFF];

        public static TheoryData<int> Numbers =>
        [
            Journal.Phase, Journal.Component, Journal.Offset, Journal.Tag, Journal.Activations, Journal.ContactFailures,
            Journal.Leader, Journal.Retry, Journal.Counter, Journal.LastCode, Journal.LastTime, Journal.ConcludedTrial, Journal.ReasonNumber,
        ];

        [Theory]
        [MemberData(nameof(Numbers))]
        public void An_absurd_number_costs_a_fetch_at_the_most(int field)
        {
            // Two trials without contact are nothing absurd: a verdict.
            foreach (uint value in _absurd.Where(value => field != Journal.ContactFailures || value != 2))
            {
                AssertHeals(record => MemoryJournal.Put(record, field, value), $"{field} = {value}");
            }
        }

        [Theory]
        [InlineData(Journal.HashState, 104)]
        [InlineData(Journal.LastVersion, 64)]
        [InlineData(Journal.ConfirmedVersion, 64)]
        [InlineData(Journal.Digest, 32)]
        [InlineData(Journal.Reason, 32)]
        [InlineData(Journal.KnownBad, Journal.KnownBadEnd - Journal.KnownBad)]
        public void Garbage_in_any_part_costs_a_fetch_at_the_most(int at, int length)
        {
            for (int seed = 0; seed < 4; seed++)
            {
                AssertHeals(record => new Random(seed).NextBytes(record.AsSpan(at, length)), $"{at}, seed {seed}");
                AssertHeals(record => record.AsSpan(at, length).Fill((byte)(seed * 85)), $"{at}, all {seed * 85}");
            }
        }

        [Fact]
        public void Garbage_in_all_parts_at_once_leaves_a_report_that_is_JSON()
        {
            for (int seed = 0; seed < 50; seed++)
            {
                Rig rig = Interrupted();
                Edit(rig, record => new Random(seed).NextBytes(record.AsSpan(8, 500)));
                rig.Channel.Desired = _ => "{}";
                rig.Boot().Run();
                Assert.Equal("1.0.0", rig.Status.Current);
                string report = rig.Channel.Reports[^1];
                Assert.NotNull(System.Text.Json.Nodes.JsonNode.Parse(report));
            }
        }

        private static void AssertHeals(Action<byte[]> edit, string what)
        {
            Rig rig = Interrupted();
            Edit(rig, edit);
            rig.Boot().Run();
            if (rig.Status.LastCode == ResultCode.ReadBackMismatch)
            {
                // The journal said that all was in place. Found out before anything was activated; fetched in the next round.
                Assert.Equal([1], rig.Mcu.Running);
                rig.Skip(6 * 60).Run();
            }

            Assert.True((ResultCode.Applied, "1.1.0") == (rig.Status.LastCode, rig.Status.Current), $"{what}: {rig.Status.LastCode}, {rig.Status.Waiting}, {rig.Status.Fault}");
            Assert.Equal(Rig.Image, rig.Mcu.Running);
        }

        // Cut off after the first checkpoint.
        private static Rig Interrupted()
        {
            var rig = new Rig { Configure = o => o.CheckpointInterval = 4096 };
            rig.Server.OnRead = at => at >= 4096 ? throw new InvalidOperationException("no power") : ResultCode.None;
            rig.Boot();
            for (int i = 0; rig.Store.Records.All(record => record == null); i++)
            {
                rig.Agent.Step(i);
                Assert.True(i < 100);
            }

            rig.Server.OnRead = null;
            rig.Mcu.Staged.AsSpan(4096).Clear();
            Assert.Equal(4096u, BitConverter.ToUInt32(rig.Store.Records[0]!, Journal.Offset));
            return rig;
        }

        private static void Edit(Rig rig, Action<byte[]> edit)
        {
            byte[] record = rig.Store.Records[0]!;
            edit(record);
            MemoryJournal.Seal(record);
        }
    }
}

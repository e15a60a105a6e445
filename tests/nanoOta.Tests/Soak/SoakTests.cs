using nanoOta.Tests.PowerFail;
using nanoOta.Tests.Tool;
using nanoOta.VirtualDevice.Slots;
using nanoOta.VirtualDevice.Soak;

namespace nanoOta.Tests.Soak
{
    /// <summary>The thousand updates are run by test.sh, with <c>nanoota soak</c>; here, fewer, and that it finds what it should find.</summary>
    public class SoakTests
    {
        [Fact]
        public void Updates_with_random_faults_end_as_they_should_and_counters_may_come_to_their_end()
        {
            var run = new SoakRun(60, seed: 2);
            for (int i = 0; i < 60; i++)
            {
                run.Next();
            }

            run.AtTheEndOfTheCounter();
            Assert.True(run.Findings.Count == 0, string.Join("\n", run.Findings));
            Assert.Equal(64, run.Updates);
            Assert.InRange(run.Applied, 20, 63);
            Assert.True(run.Cuts > 10, $"{run.Cuts} cuts");
            Assert.All(run.Faults.Values, count => Assert.NotEqual(0, count));
            Assert.True(run.Numbers.Journal < SoakRun.FirstNumber, $"the journal's number, {run.Numbers.Journal}, has not wrapped");
            Assert.All(Wear.Of(run.Flash, run.Map).Where(wear => wear.Region is "record" or "journal"), wear => Assert.True(wear.IsEven, wear.ToString()));
        }

        [Fact]
        public void A_counter_that_is_forgotten_is_found()
        {
            var run = new SoakRun(10, seed: 1) { WrapJournal = inner => new ForgetsCounter(inner) };
            run.AtTheEndOfTheCounter();
            Assert.Contains(run.Findings, finding => finding.Contains("Applied instead of CounterTooLow"));
        }

        [Fact]
        public void A_journal_whose_places_do_not_take_turns_is_found()
        {
            var run = new SoakRun(10, seed: 1) { WrapJournal = inner => new TwoSectors(inner) };
            for (int i = 0; i < 10; i++)
            {
                run.Next();
            }

            Assert.False(Wear.Of(run.Flash, run.Map).Single(wear => wear.Region == "journal").IsEven);
        }

        [Fact]
        public void One_boot_of_refusals_ends_as_it_should()
        {
            int last = 0;
            Assert.Null(LongBoot.Run(30, CoreKind.Model, number => last = number));
            Assert.Equal(30, last);
        }

        [Fact]
        public void What_watches_the_journal_reads_it_as_the_agent_writes_it()
        {
            Assert.Equal((Journal.Phase, Journal.Offset), (JournalRecord.Phase, JournalRecord.Offset));
            Assert.True(JournalRecord.IsWhole(JournalRecord.Empty(7)));
        }

        [Fact]
        public void Fewer_than_ten_updates_are_refused()
        {
            Assert.Contains("--updates", ToolResult.Of("soak", "--updates", "9").Error);
        }

        // Only the first two sectors are used.
        private sealed class TwoSectors(IRecordStore inner) : DefectiveJournal(inner)
        {
            public override bool Write(int place, byte[] record)
            {
                return place < 16 && base.Write(place, record);
            }
        }
    }
}

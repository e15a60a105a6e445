using nanoOta.Tests.Devices;

namespace nanoOta.Tests.Journals
{
    public class JournalTests
    {
        private static readonly byte[] _digest = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

        [Fact]
        public void Five_updates_known_to_be_bad_push_the_first_out()
        {
            Journal journal = Load(new MemoryJournal());
            byte[][] digests = [.. Enumerable.Range(1, 5).Select(i => Enumerable.Repeat((byte)i, 32).ToArray())];
            uint trial = 0;
            foreach (byte[] digest in digests)
            {
                for (int times = 0; times < 2; times++)
                {
                    Assert.True(journal.PreparationBegins(digest, 0, 7));
                    journal.TrialEnded(++trial, digest, "1.1.0", ResultCode.SelfTestFailed, 0);
                }
            }

            Assert.Equal([false, true, true, true, true], digests.Select(digest => journal.IsKnownBad(digest, 7)));
            Assert.False(journal.IsKnownBad(digests[4], 8));
            Assert.False(new Journal(new MemoryJournal(4)).IsKnownBad(new byte[32], 0), "an empty entry is taken for a hash of zeros");
        }

        [Fact]
        public void Nothing_is_under_way_after_a_confirmation()
        {
            var store = new MemoryJournal();
            Journal journal = Load(store);
            Assert.True(journal.PreparationBegins(_digest, 0, 7));
            journal.Confirmed(_digest, "1.1.0", 60);
            Assert.Equal((Journal.Idle, "1.1.0"), (Load(store)[Journal.Phase], journal.GetVersion(Journal.ConfirmedVersion)));
        }

        [Theory]
        [InlineData(ResultCode.SelfTestFailed, true)]
        [InlineData(ResultCode.TrialCrashed, true)]
        [InlineData(ResultCode.TrialInterrupted, false)]
        [InlineData(ResultCode.NoCloudContact, false)]
        [InlineData(ResultCode.Cancelled, false)]
        [InlineData(ResultCode.McuRefused, false)]
        [InlineData(ResultCode.FlashFailed, false)]
        public void Only_a_verdict_on_the_update_itself_makes_it_known_to_be_bad(ResultCode verdict, bool isBad)
        {
            Journal journal = Load(new MemoryJournal());
            Assert.True(journal.PreparationBegins(_digest, 0, 7));
            journal.TrialEnded(1, _digest, "1.1.0", verdict, 0);

            Assert.Equal(isBad, journal.IsKnownBad(_digest, 7));
        }

        [Theory]
        [InlineData("1.2.3-rc.1", "1.2.3-rc.1")]
        [InlineData("", "")]
        [InlineData(null, "")]
        [InlineData("1.0\"},\"x\":1", "1.0")]
        [InlineData("1\\", "1")]
        [InlineData("\u00e4", "")]
        public void What_a_version_cannot_hold_does_not_come_out(string? put, string get)
        {
            Journal journal = Load(new MemoryJournal());
            journal.Failed(ResultCode.NotNewer, _digest, put, 0);
            Assert.Equal(get, journal.GetVersion(Journal.LastVersion));
        }

        [Fact]
        public void The_longest_version_is_kept_whole_and_a_longer_text_is_cut()
        {
            Journal journal = Load(new MemoryJournal());
            string longest = "1.0.0-" + new string('a', 57);
            journal.Failed(ResultCode.NotNewer, _digest, longest + "bc", 0);
            Assert.Equal(longest, journal.GetVersion(Journal.LastVersion));
            Assert.Equal("", journal.GetVersion(Journal.ConfirmedVersion));
        }

        [Theory]
        [InlineData("the pump does not start", "the pump does not start")]
        [InlineData("", "")]
        [InlineData(null, "")]
        [InlineData("a\"},\"x\":1", "a")]
        [InlineData("a\\", "a")]
        [InlineData("a\n", "a")]
        [InlineData("\u00e4", "")]
        [InlineData("0123456789012345678901234567890", "0123456789012345678901234567890")]
        [InlineData("01234567890123456789012345678901", "0123456789012345678901234567890")]
        public void A_reason_is_kept_as_printable_ASCII_and_cut_at_its_limit(string? put, string get)
        {
            var store = new MemoryJournal();
            Load(store).SelfTestFailed(new SelfTestReport { Text = put, Number = -7 });
            Journal journal = Load(store);
            Assert.Equal((get, -7), (journal.GetReason(), (int)journal[Journal.ReasonNumber]));
        }

        [Fact]
        public void The_same_refusal_once_more_is_not_written()
        {
            var store = new MemoryJournal();
            int writes = 0;
            store.OnWrite = (_, _) =>
            {
                writes++;
                return null;
            };
            Journal journal = Load(store);
            journal.Failed(ResultCode.NotNewer, _digest, "1.0.0", 0);
            journal.Failed(ResultCode.NotNewer, _digest, "1.0.0", 60);
            Assert.Equal(1, writes);
            journal.Failed(ResultCode.NotNewer, _digest, "1.0.1", 60);
            journal.Failed(ResultCode.WrongTarget, _digest, "1.0.1", 60);
            Assert.Equal(3, writes);
        }

        private static Journal Load(IRecordStore store)
        {
            var journal = new Journal(store);
            journal.Load(false);
            return journal;
        }
    }
}

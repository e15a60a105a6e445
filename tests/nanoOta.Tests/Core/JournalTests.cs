using nanoOta.Tests.Devices;

namespace nanoOta.Tests.Core
{
    public class JournalTests
    {
        [Fact]
        public void The_newest_record_is_found_wherever_the_ring_stands()
        {
            var store = new MemoryJournal(4);
            Journal journal = Load(store);
            for (uint n = 1; n <= 13; n++)
            {
                journal[Journal.Counter] = n;
                Assert.True(journal.Save());
                Assert.Equal(n, Load(store)[Journal.Counter]);
            }
        }

        [Fact]
        public void Sequence_numbers_wrap_and_the_newest_record_is_still_found()
        {
            var store = new MemoryJournal(3);
            Journal journal = Load(store);
            journal.Save();
            Put(store.Records[0]!, 4, 0xFFFFFFFD);
            Seal(store.Records[0]!);
            journal = Load(store);
            for (uint n = 1; n <= 8; n++)
            {
                journal[Journal.Counter] = n;
                journal.Save();
                Assert.Equal(n, Load(store)[Journal.Counter]);
            }
        }

        [Theory]
        [InlineData(2)]
        [InlineData(3)]
        [InlineData(8)]
        public void A_record_torn_at_any_place_of_the_ring_hides_neither_the_one_before_it_nor_the_next_try(int places)
        {
            for (int torn = 0; torn < places; torn++)
            {
                var store = new MemoryJournal(places);
                Journal journal = Load(store);
                uint n = 0;
                for (; n < places + torn; n++)
                {
                    journal[Journal.Counter] = n + 1;
                    journal.Save();
                }

                // The place takes half of the record and says so; the journal tries the next one.
                int failures = 0;
                store.OnWrite = (_, record) => failures++ == 0 ? [.. record[..100], .. Enumerable.Repeat((byte)0xFF, 412)] : null;
                journal[Journal.Counter] = n + 1;
                Assert.True(journal.Save());
                Assert.Equal(n + 1, Load(store)[Journal.Counter]);

                if (places == 2)
                {
                    // The place before the torn one is the one that was torn last.
                    continue;
                }

                int calls = 0;
                store.OnWrite = (_, record) => calls++ == 0 ? [.. record[..100], .. Enumerable.Repeat((byte)0xFF, 412)] : throw new InvalidOperationException("no power");
                journal[Journal.Counter] = n + 2;
                Assert.False(journal.Save());
                Assert.Equal(n + 1, Load(store)[Journal.Counter]);
            }
        }

        [Fact]
        public void Nothing_that_is_no_whole_record_is_taken_for_one()
        {
            var store = new MemoryJournal(2);
            Journal journal = Load(store);
            journal[Journal.Counter] = 5;
            journal.Save();
            for (int bit = 0; bit < Journal.RecordLength * 8; bit++)
            {
                byte[] damaged = (byte[])store.Records[0]!.Clone();
                damaged[bit / 8] ^= (byte)(1 << (bit % 8));
                var other = new MemoryJournal(2);
                other.Records[1] = damaged;
                Assert.All(Load(other).Record, b => Assert.Equal(0, b));
            }
        }

        [Fact]
        public void A_store_that_takes_nothing_is_said_to_have_failed_and_one_without_places_too()
        {
            var store = new MemoryJournal(3) { OnWrite = (_, record) => new byte[512] };
            Assert.False(Load(store).Save());
            Assert.False(Load(new MemoryJournal(0)).Save());
        }

        [Fact]
        public void Five_updates_known_to_be_bad_push_the_first_out()
        {
            Journal journal = Load(new MemoryJournal());
            byte[][] digests = [.. Enumerable.Range(1, 5).Select(i => Enumerable.Repeat((byte)i, 32).ToArray())];
            foreach (byte[] digest in digests)
            {
                journal.AddKnownBad(digest, 7);
                journal.AddKnownBad(digest, 7);
            }

            Assert.Equal([false, true, true, true, true], digests.Select(digest => journal.IsKnownBad(digest, 7)));
            Assert.False(journal.IsKnownBad(digests[4], 8));
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
            journal.PutText(Journal.LastVersion, put);
            Assert.Equal(get, journal.GetText(Journal.LastVersion));
        }

        [Fact]
        public void The_longest_version_is_kept_whole_and_a_longer_text_is_cut()
        {
            Journal journal = Load(new MemoryJournal());
            string longest = "1.0.0-" + new string('a', 57);
            journal.PutText(Journal.LastVersion, longest + "bc");
            Assert.Equal(longest, journal.GetText(Journal.LastVersion));
            Assert.Equal("", journal.GetText(Journal.ConfirmedVersion));
        }

        internal static void Put(byte[] record, int at, uint value)
        {
            BitConverter.GetBytes(value).CopyTo(record, at);
        }

        /// <summary>Makes a changed record whole again.</summary>
        internal static void Seal(byte[] record)
        {
            Put(record, 508, nanoOta.VirtualDevice.Images.Crc32.Ieee(record.AsSpan(0, 508)));
        }

        private static Journal Load(IRecordStore store)
        {
            var journal = new Journal(store, new UpdateStatus());
            journal.Load();
            return journal;
        }
    }
}

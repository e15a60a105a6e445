using nanoOta.Tests.Devices;

namespace nanoOta.Tests.Journals
{
    public class DurableRecordTests
    {
        private const uint Kind = 0x12345678;
        private const int Length = 128;
        private const int Field = DurableRecord.FirstField;

        [Fact]
        public void The_newest_copy_is_found_wherever_the_ring_stands()
        {
            var store = new MemoryJournal(4);
            DurableRecord record = Load(store);
            for (uint n = 1; n <= 13; n++)
            {
                record[Field] = n;
                Assert.True(record.Save());
                Assert.Equal(n, Load(store)[Field]);
            }
        }

        [Fact]
        public void Sequence_numbers_wrap_and_the_newest_copy_is_still_found()
        {
            var store = new MemoryJournal(3);
            Load(store).Save();
            MemoryJournal.Put(store.Records[0]!, 4, 0xFFFFFFFD);
            MemoryJournal.Seal(store.Records[0]!);
            DurableRecord record = Load(store);
            for (uint n = 1; n <= 8; n++)
            {
                record[Field] = n;
                Assert.True(record.Save());
                Assert.Equal(n, Load(store)[Field]);
            }
        }

        [Theory]
        [InlineData(3)]
        [InlineData(8)]
        public void A_copy_torn_anywhere_in_the_ring_hides_neither_the_one_before_it_nor_the_next_try(int copies)
        {
            for (int torn = 0; torn < copies; torn++)
            {
                var store = new MemoryJournal(copies);
                DurableRecord record = Load(store);
                uint n = 0;
                for (; n < copies + torn; n++)
                {
                    record[Field] = n + 1;
                    Assert.True(record.Save());
                }

                // The store takes half of the copy and says so; the next index is tried.
                int failures = 0;
                store.OnWrite = (_, bytes) => failures++ == 0 ? Torn(bytes) : null;
                record[Field] = n + 1;
                Assert.True(record.Save());
                Assert.Equal(n + 1, Load(store)[Field]);

                int calls = 0;
                store.OnWrite = (_, bytes) => calls++ == 0 ? Torn(bytes) : throw new InvalidOperationException("no power");
                record[Field] = n + 2;
                Assert.False(record.Save());
                Assert.Equal("no power", record.Fault.Message);
                Assert.Equal(n + 1, Load(store)[Field]);
            }
        }

        [Fact]
        public void Of_two_copies_the_newest_is_never_written_over()
        {
            var store = new MemoryJournal(2);
            DurableRecord record = Load(store);
            record[Field] = 1;
            Assert.True(record.Save());
            var indexes = new List<int>();
            store.OnWrite = (index, bytes) =>
            {
                indexes.Add(index);
                return Torn(bytes);
            };
            record[Field] = 2;
            Assert.False(record.Save());
            Assert.False(record.Save());
            Assert.Equal([1, 1], indexes);
            Assert.Equal(1u, Load(store)[Field]);
            store.OnWrite = (_, _) => null;
            Assert.True(record.Save());
            Assert.Equal(2u, Load(store)[Field]);
        }

        [Fact]
        public void Nothing_that_is_no_whole_copy_is_taken_for_one()
        {
            var store = new MemoryJournal(2);
            DurableRecord record = Load(store);
            record[Field] = 5;
            record.Save();
            for (int bit = 0; bit < Length * 8; bit++)
            {
                byte[] damaged = (byte[])store.Records[0]!.Clone();
                damaged[bit / 8] ^= (byte)(1 << (bit % 8));
                var other = new MemoryJournal(2);
                other.Records[1] = damaged;
                var read = new DurableRecord(other, Kind, Length);
                Assert.False(read.Load());
                Assert.All(read.Content, b => Assert.Equal(0, b));
            }
        }

        [Theory]
        [InlineData(0)]
        [InlineData(1)]
        [InlineData(2)]
        public void A_damaged_copy_with_the_number_of_the_newest_does_not_hide_it(int whole)
        {
            var store = new MemoryJournal(3);
            DurableRecord record = Load(store);
            for (uint n = 0; n <= whole; n++)
            {
                record[Field] = n;
                record.Save();
            }

            for (int index = 0; index < 3; index++)
            {
                if (index != whole)
                {
                    store.Records[index] = [.. store.Records[whole]![..^1], 0xA5];
                }
            }

            Assert.Equal((uint)whole, Load(store)[Field]);
            Assert.True(new DurableRecord(store, Kind, Length).Load());
        }

        [Fact]
        public void A_record_of_another_kind_is_not_taken_for_one()
        {
            var store = new MemoryJournal(2);
            DurableRecord record = Load(store);
            record[Field] = 5;
            record.Save();
            Assert.True(new DurableRecord(store, Kind, Length).Load());
            Assert.False(new DurableRecord(store, Kind + 1, Length).Load());
        }

        [Fact]
        public void A_store_that_takes_nothing_has_failed_and_one_without_copies_too()
        {
            var store = new MemoryJournal(3) { OnWrite = (_, bytes) => new byte[bytes.Length] };
            Assert.False(Load(store).Save());
            Assert.False(Load(new MemoryJournal(0)).Save());
        }

        [Fact]
        public void A_copy_that_cannot_be_read_may_be_the_newest_so_the_record_says_nothing_and_is_not_written()
        {
            for (int unreadable = 0; unreadable < 3; unreadable++)
            {
                MemoryJournal store = Saved(3, 5);
                bool isThere = false;
                store.OnRead = index => isThere || index != unreadable;
                DurableRecord record = Load(store);
                int writes = store.Writes;
                Assert.True(record.IsUnreadable);
                record[Field] = 77;
                Assert.False(record.Save());
                Assert.Equal((true, writes), (record.IsUnreadable, store.Writes));

                isThere = true;
                Assert.True(record.Load());
                Assert.Equal((false, 5u), (record.IsUnreadable, record[Field]));
                record[Field] = 6;
                Assert.True(record.Save());
                Assert.Equal(6u, Load(store)[Field]);
            }
        }

        [Theory]
        [InlineData(1u, 5u)]
        [InlineData(0u, 4u)]
        public void A_copy_that_is_damaged_for_good_counts_as_lost_at_the_last_try(uint unreadable, uint newest)
        {
            // The fifth save went to index 0.
            MemoryJournal store = Saved(2, 5);
            store.OnRead = index => index == unreadable ? throw new IOException("planted") : true;
            var record = new DurableRecord(store, Kind, Length);

            Assert.True(record.Load());
            Assert.True(record.IsUnreadable);
            Assert.Equal("planted", record.Fault.Message);
            Assert.True(record.Load(true));
            Assert.Equal((false, newest), (record.IsUnreadable, record[Field]));
            record[Field] = 9;
            Assert.True(record.Save());
            store.OnRead = _ => true;
            Assert.Equal(9u, Load(store)[Field]);
        }

        [Fact]
        public void A_store_of_which_nothing_can_be_read_is_never_taken_for_empty()
        {
            MemoryJournal store = Saved(2, 5);
            store.OnRead = _ => false;
            var record = new DurableRecord(store, Kind, Length);
            Assert.False(record.Load(true));
            Assert.False(record.Save());
            Assert.Equal((true, 5), (record.IsUnreadable, store.Writes));
            store.OnRead = _ => true;
            Assert.Equal(5u, Load(store)[Field]);
        }

        [Fact]
        public void A_record_that_was_not_loaded_is_not_written_over_what_is_there()
        {
            MemoryJournal store = Saved(2, 5);
            Assert.False(new DurableRecord(store, Kind, Length).Save());
            Assert.Equal(5u, Load(store)[Field]);
        }

        private static MemoryJournal Saved(int copies, uint times)
        {
            var store = new MemoryJournal(copies);
            DurableRecord record = Load(store);
            for (uint n = 1; n <= times; n++)
            {
                record[Field] = n;
                Assert.True(record.Save());
            }

            return store;
        }

        private static byte[] Torn(byte[] bytes)
        {
            return [.. bytes[..(Length / 4)], .. Enumerable.Repeat((byte)0xFF, Length * 3 / 4)];
        }

        private static DurableRecord Load(IRecordStore store)
        {
            var record = new DurableRecord(store, Kind, Length);
            record.Load();
            return record;
        }
    }
}

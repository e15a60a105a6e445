// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using nanoFramework.TestFramework;

namespace nanoOta.DeviceTests
{
    /// <summary>A reboot in the middle of a download, with the journal as it then may be.</summary>
    [TestClass]
    public class JournalTests
    {
        [TestMethod]
        public void A_download_goes_on_at_the_last_checkpoint()
        {
            MemoryUpdate update = Interrupted();
            Finish(update);
            Assert.AreEqual(update.Image.Length, update.Source.Fetched);
        }

        [TestMethod]
        public void When_the_newest_record_is_torn_the_one_before_it_counts()
        {
            MemoryUpdate update = Interrupted();
            update.Journal.Tear();
            Finish(update);
            Assert.AreEqual(update.Image.Length + 4096, update.Source.Fetched);
        }

        [TestMethod]
        public void Without_a_journal_it_starts_again_and_succeeds()
        {
            MemoryUpdate update = Interrupted();
            update.Journal.Erase();
            Finish(update);
            Assert.AreEqual(update.Image.Length + 8192, update.Source.Fetched);
        }

        private static MemoryUpdate Interrupted()
        {
            MemoryUpdate update = new MemoryUpdate();
            update.Run(8192);
            Assert.AreEqual(8192, update.Module.Length);
            update.Boot();
            return update;
        }

        private static void Finish(MemoryUpdate update)
        {
            update.Run(int.MaxValue);
            Assert.AreEqual((int)ResultCode.Applied, (int)update.Last);
            Assert.AreEqual(1, update.Module.Confirmed);
        }
    }
}

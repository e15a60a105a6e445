// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using nanoFramework.TestFramework;

namespace nanoOta.DeviceTests
{
    [TestClass]
    public class AgentTests
    {
        [TestMethod]
        public void A_request_leads_to_an_applied_update()
        {
            MemoryUpdate update = new MemoryUpdate();
            update.Run(int.MaxValue);
            Assert.AreEqual((int)ResultCode.Applied, (int)update.Last);
            Assert.AreEqual("1.1.0", update.Agent.Status.LastVersion);
            Assert.AreEqual(1, update.Module.Confirmed);
            for (int i = 0; i < update.Image.Length; i++)
            {
                Assert.AreEqual(update.Image[i], update.Module.Staged[i]);
            }
        }

        [TestMethod]
        public void A_failed_self_test_takes_it_back_and_it_is_not_tried_again()
        {
            MemoryUpdate update = new MemoryUpdate();
            update.Options.SelfTest = report => SelfTestResult.Failed;
            update.Run(int.MaxValue);
            Assert.AreEqual((int)ResultCode.SelfTestFailed, (int)update.Last);
            Assert.AreEqual(1, update.Module.Reverted);

            int fetched = update.Source.Fetched;
            update.Boot();
            update.Run(int.MaxValue);
            Assert.AreEqual((int)ResultCode.SelfTestFailed, (int)update.Last);
            Assert.AreEqual(fetched, update.Source.Fetched);
            Assert.AreEqual(1, update.Module.Reverted);
            Assert.AreEqual(0, update.Module.Confirmed);
        }

        [TestMethod]
        public void An_image_that_was_changed_is_not_activated()
        {
            MemoryUpdate update = new MemoryUpdate();
            update.Image[9999] ^= 1;
            update.Run(int.MaxValue);
            Assert.AreEqual((int)ResultCode.HashMismatch, (int)update.Last);
            Assert.AreEqual(0, update.Module.Confirmed);
        }

        [TestMethod]
        public void What_cannot_be_written_ends_the_update()
        {
            MemoryUpdate update = new MemoryUpdate();
            update.Module.IsWorn = true;
            update.Run(int.MaxValue);
            Assert.AreEqual((int)ResultCode.FlashFailed, (int)update.Last);
        }

        [TestMethod]
        public void A_request_withdrawn_ends_the_update()
        {
            MemoryUpdate update = new MemoryUpdate();
            update.Run(4096);
            update.Channel.Request = null;
            update.Run(int.MaxValue);
            Assert.AreEqual((int)ResultCode.Cancelled, (int)update.Last);
            Assert.AreEqual(0, update.Module.Confirmed);
        }
    }
}

// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using nanoFramework.TestFramework;

namespace nanoOta.DeviceTests
{
    [TestClass]
    public class TimeTests
    {
        [TestMethod]
        public void A_time_is_read_up_to_the_year_9999()
        {
            Assert.IsTrue(UtcTime.TryParse("2024-02-29T00:00:00Z", out long leap));
            Assert.AreEqual(1709164800L, leap);
            Assert.IsTrue(UtcTime.TryParse("3001-01-01T00:00:00Z", out long beyond));
            Assert.AreEqual(32535216000L, beyond);
            Assert.IsTrue(UtcTime.TryParse("9999-12-31T23:59:59Z", out long never));
            Assert.AreEqual(253402300799L, never);
        }

        [TestMethod]
        public void A_day_that_is_not_there_is_not_read()
        {
            Assert.IsFalse(UtcTime.TryParse("2100-02-29T00:00:00Z", out long _));
            Assert.IsFalse(UtcTime.TryParse("9999-12-32T00:00:00Z", out long _));
            Assert.IsFalse(UtcTime.TryParse("2026-11-31T00:00:00Z", out long _));
        }
    }
}

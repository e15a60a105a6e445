using nanoOta.StandIns;

namespace nanoFramework.Runtime.Native
{
    /// <summary>The real-time clock.</summary>
    public static class Rtc
    {
        /// <summary>Sets the wall clock, UTC; the device keeps whole seconds.</summary>
        /// <returns>False when the clock cannot be set.</returns>
        public static bool SetSystemTime(DateTime time)
        {
            return DeviceClock.Current.TrySetUtcNow(
                new DateTime(time.Year, time.Month, time.Day, time.Hour, time.Minute, time.Second, DateTimeKind.Utc));
        }
    }
}

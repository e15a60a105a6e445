using nanoOta.StandIns;

namespace System
{
    /// <summary>On nanoFramework this type has one member and lives in nanoFramework.Runtime.Native.</summary>
    public static class Environment
    {
        /// <summary>Milliseconds since the device started.</summary>
        public static long TickCount64 => DeviceClock.Current.TickCount64;
    }
}

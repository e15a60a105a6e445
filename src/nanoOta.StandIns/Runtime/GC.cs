using nanoOta.StandIns;

namespace nanoFramework.Runtime.Native
{
    /// <summary>The device's garbage collector.</summary>
    public static class GC
    {
        /// <summary>Collects. The host's heap says nothing of a device's, so nothing is collected here.</summary>
        /// <returns>Free bytes of the managed heap, as the board was told to report.</returns>
        public static uint Run(bool compactHeap) => DeviceBoard.Current.FreeHeapBytes;
    }
}

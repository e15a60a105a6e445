// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>Resets an MCU.</summary>
    public interface IMcuReset
    {
        /// <summary>Resets it.</summary>
        /// <param name="recovery">Whether it is to stay in its bootloader, and not to start its application.</param>
        void Reset(bool recovery);
    }
}

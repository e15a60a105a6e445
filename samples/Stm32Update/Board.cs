// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System.Threading;
using nanoFramework.Networking;

namespace nanoOta.Samples
{
    /// <summary>What differs from board to board. This one is an STM32F769I-DISCO on Ethernet.</summary>
    internal static class Board
    {
        /// <summary>Where the device's key is: on the SD card, as this board has no internal drive.</summary>
        internal const string KeyFile = "D:\\device.key";

        /// <summary>Waits for an address by DHCP, and for the clock.</summary>
        internal static bool Join(CancellationToken limit) => NetworkHelper.SetupAndConnectNetwork(limit, true);
    }
}

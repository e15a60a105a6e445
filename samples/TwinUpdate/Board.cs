// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System.Threading;
using nanoFramework.Networking;

namespace nanoOta.Samples
{
    /// <summary>What differs from board to board. This one is an ESP32 on Wi-Fi.</summary>
    internal static class Board
    {
        /// <summary>Where the device's key is: on the internal drive.</summary>
        internal const string KeyFile = "I:\\device.key";

        /// <summary>
        /// Joins the Wi-Fi whose name and password the board has stored (an image for many devices has neither), and waits for
        /// the clock.
        /// </summary>
        internal static bool Join(CancellationToken limit) => WifiNetworkHelper.Reconnect(true, 0, limit);
    }
}

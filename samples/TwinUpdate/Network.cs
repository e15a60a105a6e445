// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System.Net.NetworkInformation;
using System.Threading;
using nanoFramework.Networking;

namespace nanoOta.Samples
{
    /// <summary>The network and the time.</summary>
    internal static class Network
    {
        // Then the agent starts without; the board goes on trying by itself.
        private const int ConnectMilliseconds = 60000;

        /// <summary>Connects, and waits until the clock is set: without it no certificate can be judged.</summary>
        internal static bool Connect()
        {
            Sntp.Server1 = "time.windows.com";
            Sntp.Server2 = "pool.ntp.org";
            Sntp.Start();
            using (CancellationTokenSource limit = new CancellationTokenSource(ConnectMilliseconds))
            {
                return Board.Join(limit.Token);
            }
        }

        /// <summary>The board's address in its network, in hexadecimal digits: what tells it from others.</summary>
        internal static string MacAddress()
        {
            byte[] address = NetworkInterface.GetAllNetworkInterfaces()[0].PhysicalAddress;
            string digits = string.Empty;
            for (int i = 0; i < address.Length; i++)
            {
                digits += address[i].ToString("x2");
            }

            return digits;
        }
    }
}

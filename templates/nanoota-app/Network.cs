using System.Threading;
using nanoFramework.Networking;

namespace NanoOtaApp
{
    internal static class Network
    {
        // Joins the Wi-Fi and waits until the clock is set: without a clock no certificate can be judged. A board with Ethernet calls
        // NetworkHelper.SetupAndConnectNetwork(token, true) instead. When it fails the board goes on trying by itself.
        internal static bool Connect()
        {
            using (CancellationTokenSource limit = new CancellationTokenSource(60000))
            {
                return WifiNetworkHelper.ConnectDhcp("MY WI-FI", "ITS PASSWORD", requiresDateTime: true, token: limit.Token);
            }
        }
    }
}

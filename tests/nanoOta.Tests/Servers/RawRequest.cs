using System.Net.Sockets;
using System.Text;

namespace nanoOta.Tests.Servers
{
    /// <summary>What no client library would send.</summary>
    internal static class RawRequest
    {
        /// <summary>Sends bytes, and reads until the server ends the connection, however it does.</summary>
        public static async Task<string> SendAsync(string url, string request)
        {
            var server = new Uri(url);
            using var socket = new TcpClient();
            await socket.ConnectAsync(server.Host, server.Port, TestContext.Current.CancellationToken);
            NetworkStream stream = socket.GetStream();
            var answer = new MemoryStream();
            try
            {
                await stream.WriteAsync(Encoding.Latin1.GetBytes(request), TestContext.Current.CancellationToken);
                await stream.CopyToAsync(answer, TestContext.Current.CancellationToken);
            }
            catch (IOException)
            {
                // Reset: the server had enough before all was sent. What it answered counts.
            }

            return Encoding.Latin1.GetString(answer.ToArray());
        }
    }
}

using System.Net;
using System.Text;

namespace nanoOta.Tests.StandIns.Http
{
    /// <summary>How the tests ask for things: as a careful device would.</summary>
    internal static class Requests
    {
        internal static DeviceHttpRequest To(string url)
        {
            DeviceHttpRequest request = (DeviceHttpRequest)DeviceWebRequest.Create(url);
            request.KeepAlive = false;
            return request;
        }

        internal static DeviceHttpResponse Get(string url) => (DeviceHttpResponse)To(url).GetResponse();

        /// <summary>Reads until 0.</summary>
        internal static string ReadToEnd(DeviceHttpResponse response, int bufferSize = 1024)
        {
            using Stream stream = response.GetResponseStream();
            byte[] buffer = new byte[bufferSize];
            StringBuilder text = new();
            for (int read; (read = stream.Read(buffer, 0, buffer.Length)) > 0;)
            {
                text.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }

            return text.ToString();
        }

        /// <summary>The cause of a request's failure: GetResponse wraps every one, and its own status is 0.</summary>
        internal static T Failure<T>(Action act)
            where T : Exception
        {
            DeviceWebException failure = Assert.Throws<DeviceWebException>(act);
            Assert.Equal(WebExceptionStatus.Success, failure.Status);
            return Assert.IsType<T>(failure.InnerException);
        }
    }
}

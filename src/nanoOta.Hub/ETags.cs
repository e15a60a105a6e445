using System.Buffers.Binary;
using System.Text;

namespace nanoOta.Hub
{
    /// <summary>ETags: counters in base64, whose forms and rules differ from object to object.</summary>
    internal static class ETags
    {
        /// <summary>Of identities and configurations.</summary>
        public static string OfCounter(long counter) => Convert.ToBase64String(Encoding.ASCII.GetBytes(counter.ToString(System.Globalization.CultureInfo.InvariantCulture)));

        /// <summary>Of twins.</summary>
        public static string OfTwin(long counter)
        {
            var bytes = new byte[8];
            BinaryPrimitives.WriteInt64BigEndian(bytes, counter);
            return Convert.ToBase64String(bytes);
        }

        /// <summary>Whether <c>If-Match</c> takes any version.</summary>
        public static bool IsAny(string ifMatch) => ifMatch is "*" or "\"*\"";

        /// <summary>Whether <c>If-Match</c>, quoted as HTTP has it, names this version.</summary>
        public static bool IsQuoted(string ifMatch, string etag) => ifMatch == $"\"{etag}\"";

        /// <summary>Checks a condition that takes the quoted form alone.</summary>
        /// <exception cref="HubError">Another version is there.</exception>
        public static void RequireQuoted(string? ifMatch, string etag)
        {
            if (ifMatch != null && !IsAny(ifMatch) && !IsQuoted(ifMatch, etag))
            {
                throw HubError.Precondition("ETag mismatch");
            }
        }

        /// <summary>Checks a condition that takes both forms.</summary>
        /// <exception cref="HubError">Another version is there.</exception>
        public static void Require(string? ifMatch, string etag)
        {
            if (ifMatch != etag)
            {
                RequireQuoted(ifMatch, etag);
            }
        }
    }
}

using System.Reflection;

namespace nanoOta.Tests.StandIns
{
    /// <summary>
    /// Device code is compiled against the listings: a stand-in must have the very members, or it fails when it runs. What
    /// of a listed type is deliberately missing stands in LeftOut.txt.
    /// </summary>
    public sealed class SurfaceTests
    {
        private static readonly Dictionary<string, List<string>> _listed = ApiListing.Read(
            "System.Net.Http", "System.Net", "System.IO.FileSystem", "nanoFramework.Runtime.Native", "nanoFramework.Azure.Devices.Client",
            "nanoFramework.Azure.Devices.Client.FullyManaged", "nanoFramework.Json", "nanoFramework.M2Mqtt", "nanoFramework.M2Mqtt.Core",
            "nanoFramework.Networking.Sntp", "System.Device.Wifi", "nanoFramework.Hardware.Esp32", "nanoFramework.System.Security.Cryptography");

        private static readonly List<Type> _provided =
        [
            .. typeof(DeviceFile).Assembly.GetExportedTypes()
                .Where(type => !type.Namespace!.StartsWith("nanoOta", StringComparison.Ordinal)),
        ];

        [Fact]
        public void Every_stand_in_has_members_of_its_listing_only()
        {
            Assert.Contains(typeof(DeviceHttpRequest), _provided);
            string[] foreign =
            [
                .. _provided.Where(type => _listed.ContainsKey(NameOf(type)))
                    .SelectMany(type => ApiSurface.Of(type).Except(_listed[NameOf(type)])),
            ];
            Assert.Equal("", string.Join('\n', foreign));
        }

        [Fact]
        public void Every_listed_member_that_a_stand_in_lacks_is_known_to_be_left_out()
        {
            string[] missing =
            [
                .. _provided.Where(type => _listed.ContainsKey(NameOf(type)))
                    .SelectMany(type => _listed[NameOf(type)].Except(ApiSurface.Of(type))),
            ];
            string known = string.Join('\n', ApiListing.ReadData("LeftOut.txt").Order(StringComparer.Ordinal));
            Assert.Equal(known, string.Join('\n', missing.Order(StringComparer.Ordinal)));
        }

        [Fact]
        public void Every_type_of_a_device_namespace_is_listed()
        {
            // Types of other listings belong to other stand-ins' tests; mscorlib's are compared in nanoOta.Profile.Tests.
            Assert.All(
                _provided.Where(type => type.FullName is not ("System.SpanByte" or "System.Console") && type.Namespace is "System" or "System.IO" or "System.Net" or "System.Net.Security"
                    or "System.Net.Sockets" or "System.Security.Cryptography.X509Certificates" or "nanoFramework.Runtime.Native"
                    or "nanoFramework.Azure.Devices.Client" or "nanoFramework.Azure.Devices.Provisioning.Client" or "nanoFramework.Networking" or "nanoFramework.Azure.Devices.Shared" or "nanoFramework.Json"
                    or "nanoFramework.M2Mqtt" or "nanoFramework.M2Mqtt.Exceptions" or "nanoFramework.M2Mqtt.Messages"),
                type => Assert.Contains(NameOf(type), _listed.Keys));
        }

        private static string NameOf(Type type) => type.FullName!.Replace('+', '.');
    }
}

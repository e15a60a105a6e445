extern alias StandIns;

using System.Reflection;
using TestClassAttribute = StandIns::nanoFramework.TestFramework.TestClassAttribute;
using TestMethodAttribute = StandIns::nanoFramework.TestFramework.TestMethodAttribute;
using DeviceAssert = StandIns::nanoFramework.TestFramework.Assert;
using StandIns::TestFrameworkShared;
using nanoOta.VirtualDevice;

namespace nanoOta.Tests.DeviceTests
{
    /// <summary>The tests that are made for devices, each as a test here, on the assembly that ships.</summary>
    public class DeviceTestsRun
    {
        private static readonly Assembly _assembly = Assembly.Load("NFUnitTest");

        public static TheoryData<string> Tests => [.. Methods().Select(Name)];

        [Theory]
        [MemberData(nameof(Tests))]
        public void On_dotnet(string name)
        {
            // What the client waits for takes no time then, and what never comes ends the wait.
            DeviceClock.Current = new VirtualClock { FollowsHost = false };
            MethodInfo test = Methods().Single(method => Name(method) == name);
            test.Invoke(Activator.CreateInstance(test.DeclaringType!), BindingFlags.DoNotWrapExceptions, null, null, null);
        }

        /// <summary>nanoFramework's launcher would pass over what is not of this shape.</summary>
        [Fact]
        public void Each_is_a_public_method_without_parameters_of_a_public_class()
        {
            Assert.NotEmpty(Methods());
            Assert.All(Methods(), method => Assert.True(
                method is { IsPublic: true, IsStatic: false } && method.GetParameters().Length == 0 && method.ReturnType == typeof(void) && method.DeclaringType!.IsPublic,
                Name(method)));
            Assert.All(Methods().Select(method => method.DeclaringType!).Distinct(), type => Assert.NotNull(type.GetCustomAttribute<TestClassAttribute>()));
        }

        [Fact]
        public void An_assertion_that_does_not_hold_is_seen()
        {
            Assert.Throws<AssertFailedException>(() => DeviceAssert.AreEqual(1, 2));
            Assert.Throws<AssertFailedException>(() => DeviceAssert.AreEqual("a", null!));
            Assert.Throws<AssertFailedException>(() => DeviceAssert.AreNotEqual(1L, 1L));
            Assert.Throws<AssertFailedException>(() => DeviceAssert.IsTrue(false));
            Assert.Throws<AssertFailedException>(() => DeviceAssert.IsFalse(true));
            Assert.Throws<AssertFailedException>(() => DeviceAssert.IsNull(""));
            Assert.Throws<AssertFailedException>(() => DeviceAssert.ThrowsException(typeof(ArgumentException), () => { }));
        }

        private static IEnumerable<MethodInfo> Methods()
        {
            return _assembly.GetTypes().SelectMany(type => type.GetMethods(BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
                .Where(method => method.IsDefined(typeof(TestMethodAttribute)));
        }

        private static string Name(MethodInfo method)
        {
            return $"{method.DeclaringType!.Name}.{method.Name}";
        }
    }
}

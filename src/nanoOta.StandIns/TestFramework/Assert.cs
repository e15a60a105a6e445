using TestFrameworkShared;

namespace nanoFramework.TestFramework
{
    /// <summary>
    /// nanoFramework's assertions, without those it calls deprecated. One that fails throws; whoever runs the test tells it.
    /// </summary>
    public sealed class Assert
    {
        public static void AreEqual(DateTime expected, DateTime actual, string message = "")
        {
            Same(expected, actual, message);
        }

        public static void AreEqual(bool expected, bool actual, string message = "")
        {
            Same(expected, actual, message);
        }

        public static void AreEqual(byte expected, byte actual, string message = "")
        {
            Same(expected, actual, message);
        }

        public static void AreEqual(char expected, char actual, string message = "")
        {
            Same(expected, actual, message);
        }

        public static void AreEqual(double expected, double actual, string message = "")
        {
            Same(expected, actual, message);
        }

        public static void AreEqual(float expected, float actual, string message = "")
        {
            Same(expected, actual, message);
        }

        public static void AreEqual(int expected, int actual, string message = "")
        {
            Same(expected, actual, message);
        }

        public static void AreEqual(long expected, long actual, string message = "")
        {
            Same(expected, actual, message);
        }

        public static void AreEqual(object expected, object actual, string message = "")
        {
            Same(expected, actual, message);
        }

        public static void AreEqual(sbyte expected, sbyte actual, string message = "")
        {
            Same(expected, actual, message);
        }

        public static void AreEqual(short expected, short actual, string message = "")
        {
            Same(expected, actual, message);
        }

        public static void AreEqual(string expected, string actual, string message = "")
        {
            Same(expected, actual, message);
        }

        public static void AreEqual(uint expected, uint actual, string message = "")
        {
            Same(expected, actual, message);
        }

        public static void AreEqual(ulong expected, ulong actual, string message = "")
        {
            Same(expected, actual, message);
        }

        public static void AreEqual(ushort expected, ushort actual, string message = "")
        {
            Same(expected, actual, message);
        }

        public static void AreNotEqual(DateTime notExpected, DateTime actual, string message = "")
        {
            Other(notExpected, actual, message);
        }

        public static void AreNotEqual(bool notExpected, bool actual, string message = "")
        {
            Other(notExpected, actual, message);
        }

        public static void AreNotEqual(byte notExpected, byte actual, string message = "")
        {
            Other(notExpected, actual, message);
        }

        public static void AreNotEqual(char notExpected, char actual, string message = "")
        {
            Other(notExpected, actual, message);
        }

        public static void AreNotEqual(double notExpected, double actual, string message = "")
        {
            Other(notExpected, actual, message);
        }

        public static void AreNotEqual(float notExpected, float actual, string message = "")
        {
            Other(notExpected, actual, message);
        }

        public static void AreNotEqual(int notExpected, int actual, string message = "")
        {
            Other(notExpected, actual, message);
        }

        public static void AreNotEqual(long notExpected, long actual, string message = "")
        {
            Other(notExpected, actual, message);
        }

        public static void AreNotEqual(object notExpected, object actual, string message = "")
        {
            Other(notExpected, actual, message);
        }

        public static void AreNotEqual(sbyte notExpected, sbyte actual, string message = "")
        {
            Other(notExpected, actual, message);
        }

        public static void AreNotEqual(short notExpected, short actual, string message = "")
        {
            Other(notExpected, actual, message);
        }

        public static void AreNotEqual(string notExpected, string actual, string message = "")
        {
            Other(notExpected, actual, message);
        }

        public static void AreNotEqual(uint notExpected, uint actual, string message = "")
        {
            Other(notExpected, actual, message);
        }

        public static void AreNotEqual(ulong notExpected, ulong actual, string message = "")
        {
            Other(notExpected, actual, message);
        }

        public static void AreNotEqual(ushort notExpected, ushort actual, string message = "")
        {
            Other(notExpected, actual, message);
        }

        public static void AreSame(object expected, object actual, string message = "")
        {
            Check(ReferenceEquals(expected, actual), "another object", message);
        }

        public static void AreNotSame(object notExpected, object actual, string message = "")
        {
            Check(!ReferenceEquals(notExpected, actual), "the same object", message);
        }

        public static void Contains(string expected, string value, string message = "")
        {
            Check(value.Contains(expected, StringComparison.Ordinal), $"{value} does not contain {expected}", message);
        }

        public static void DoesNotContains(string notExpected, string value, string message = "")
        {
            Check(!value.Contains(notExpected, StringComparison.Ordinal), $"{value} contains {notExpected}", message);
        }

        public static void StartsWith(string expected, string value, string message = "")
        {
            Check(value.StartsWith(expected, StringComparison.Ordinal), $"{value} does not start with {expected}", message);
        }

        public static void EndsWith(string expected, string value, string message = "")
        {
            Check(value.EndsWith(expected, StringComparison.Ordinal), $"{value} does not end with {expected}", message);
        }

        public static void IsTrue(bool condition, string message = "")
        {
            Check(condition, "false", message);
        }

        public static void IsFalse(bool condition, string message = "")
        {
            Check(!condition, "true", message);
        }

        public static void IsNull(object value, string message = "")
        {
            Check(value is null, $"{value} is not null", message);
        }

        public static void IsNotNull(object value, string message = "")
        {
            Check(value is not null, "null", message);
        }

        public static void IsInstanceOfType(object value, Type expected, string message = "")
        {
            Check(expected.IsInstanceOfType(value), $"no {expected}", message);
        }

        public static void IsNotInstanceOfType(object value, Type notExpected, string message = "")
        {
            Check(!notExpected.IsInstanceOfType(value), $"a {notExpected}", message);
        }

        public static void ThrowsException(Type exception, Action action, string message = "")
        {
            Type? thrown = null;
            try
            {
                action();
            }
            catch (Exception e)
            {
                thrown = e.GetType();
            }

            Check(thrown == exception, $"{thrown?.Name ?? "nothing"} was thrown, not {exception.Name}", message);
        }

        public static void SkipTest(string? message = null)
        {
            throw new SkipTestException(message);
        }

        private static void Same(object? expected, object? actual, string message)
        {
            Check(Equals(expected, actual), $"{actual ?? "null"}, not {expected ?? "null"}", message);
        }

        private static void Other(object? notExpected, object? actual, string message)
        {
            Check(!Equals(notExpected, actual), $"{actual ?? "null"}", message);
        }

        private static void Check(bool isRight, string found, string message)
        {
            if (!isRight)
            {
                throw new AssertFailedException(message.Length == 0 ? found : $"{message}: {found}");
            }
        }
    }
}

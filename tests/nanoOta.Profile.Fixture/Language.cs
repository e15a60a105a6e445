using System;
using System.Collections;

namespace nanoOta.Profile.Fixture
{
    /// <summary>What the compiler makes of these works on the device (facts/nanoframework.md, section 6).</summary>
    public static class Language
    {
        /// <summary>A delegate of our own, in place of a generic one.</summary>
        public delegate int Sum(int a, int b);

        /// <summary>An interface with a static method.</summary>
        public interface IShape
        {
            /// <summary>The area.</summary>
            int Area { get; }

            /// <summary>Static methods in interfaces work, default ones do not.</summary>
            static int Twice(IShape shape) => 2 * shape.Area;
        }

        /// <summary>A class with an init-only property.</summary>
        public class Square : IShape
        {
            /// <summary>Length of a side.</summary>
            public int Side { get; init; }

            /// <inheritdoc/>
            public int Area => Side * Side;
        }

        /// <summary>A struct. Its properties cannot be automatic: their getters would be readonly, for which the device lacks the attribute.</summary>
        public struct Point
        {
            /// <summary>Distance to the left.</summary>
            public int X;

            /// <summary>Twice the distance.</summary>
            public int Twice => 2 * X;
        }

        private static readonly byte[] s_table = { 3, 1, 4, 1, 5, 9, 2, 6 };

        /// <summary>Lambdas that capture, local functions and events.</summary>
        public static int Closures(int start)
        {
            int total = start;
            Sum add = (a, b) => total += a + b;
            return Local(add(1, 2)) + total;

            int Local(int value) => value * total;
        }

        /// <summary>A switch on strings, with enough cases for a hash.</summary>
        public static int Named(string name)
        {
            switch (name)
            {
                case "one": return 1;
                case "two": return 2;
                case "three": return 3;
                case "four": return 4;
                case "five": return 5;
                case "six": return 6;
                case "seven": return 7;
                case "eight": return 8;
                default: return -1;
            }
        }

        /// <summary>Patterns, in a switch expression and with "is not".</summary>
        public static string Kind(object value) => value switch
        {
            int n when n < 0 => "negative",
            int => "number",
            string { Length: 0 } => "empty",
            string text => text,
            not null => "other",
            _ => "nothing",
        };

        /// <summary>Exception filters, finally and rethrowing.</summary>
        public static string Caught(int code)
        {
            string trace = "";
            try
            {
                try
                {
                    throw new ArgumentOutOfRangeException(nameof(code));
                }
                catch (ArgumentException) when (code == 1)
                {
                    trace += "filtered ";
                }
                finally
                {
                    trace += "finally ";
                }
            }
            catch (ArgumentOutOfRangeException e)
            {
                trace += e.ParamName;
            }

            return trace;
        }

        /// <summary>foreach over strings, arrays and lists; array initializers; ref locals; unsigned arithmetic.</summary>
        public static uint Loops(string text)
        {
            uint hash = 2166136261;
            foreach (char c in text)
            {
                hash = (hash ^ c) * 16777619;
            }

            ref byte first = ref s_table[0];
            first = 3;
            foreach (byte b in s_table)
            {
                hash += b;
            }

            ArrayList list = new() { 1, 2, 3 };
            foreach (object item in list)
            {
                hash -= (uint)(int)item;
            }

            return hash;
        }

        /// <summary>Interpolation with alignment and formats, jagged arrays, lock, using.</summary>
        public static string Text(int number)
        {
            int[][] jagged = { new[] { 1 }, new[] { 2, number } };
            lock (jagged)
            {
                using var scope = new Scope();
                Square square = new() { Side = jagged[1][1] };
                Point point = new() { X = scope.Depth };
                return $"{number:X4}|{IShape.Twice(square),6}|{point.Twice}";
            }
        }

        /// <summary>Throws; its stack trace is to show file and line.</summary>
        public static void Throw() => throw new InvalidOperationException();

        internal static int Hidden => 42;

        private sealed class Scope : IDisposable
        {
            public int Depth { get; private set; } = 1;

            public void Dispose() => Depth--;
        }
    }
}

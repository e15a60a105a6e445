using System.Runtime.CompilerServices;

namespace nanoOta.Mutants.Tests.Fixture
{
    /// <summary>A method for each mutation operator. Each returns something else when it is mutated.</summary>
    internal sealed class Samples
    {
        private static int _first;
        private static int _second;
        private static long _other;

        private readonly int _set;

        public static int One { get; set; }

        public static int Two { get; set; }

        // It is 0 already.
        public Samples()
        {
            _set = 0;
        }

        public static int Larger(int a, int b)
        {
            return a > b ? a : b + 100;
        }

        public static bool IsLess(int a, int b)
        {
            return a < b;
        }

        public static bool IsAtMost(int a, int b)
        {
            return a <= b;
        }

        public static int Seven()
        {
            return 7;
        }

        public static long Million()
        {
            return 1_000_000_000_000;
        }

        public static bool IsPositive(int a)
        {
            if (a > 0)
            {
                return true;
            }

            return false;
        }

        public static int Plus(int a, int b)
        {
            return a + b;
        }

        public static int Twice(int a)
        {
            return a << 1;
        }

        public static int Minus(int a)
        {
            return -a;
        }

        public static int Called(int a)
        {
            int[] box = [a];
            Clear(box, 3, "text");
            return box[0];
        }

        public static int Stored(int a)
        {
            _second = 50;
            _first = a;
            return _first * 2 + _second;
        }

        public static int StoredInProperty(int a)
        {
            Two = 50;
            One = a;
            return One * 2 + Two;
        }

        public static long OnlyOneOfItsType(long a)
        {
            _other = a;
            return _other;
        }

        public static string Choose(int a)
        {
            switch (a)
            {
                case 0: return "zero";
                case 1: return "one";
                case 2: return "two";
                case 3: return "three";
                default: return "many";
            }
        }

        // The compiler adds a try and a finally.
        public int Locked()
        {
            lock (this)
            {
                return _set;
            }
        }

        public static void Disposed(IDisposable what)
        {
            using (what)
            {
            }
        }

        public static byte[] Table(byte a)
        {
            return [a, a, a];
        }

        public static Func<string, string> Lambda()
        {
            return text => text;
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private static void Clear(int[] box, int count, string text)
        {
            box[0] = count + text.Length;
        }
    }
}

namespace nanoOta.Mutants.Tests.Fixture
{
    /// <summary>Code whose tests notice some mutants and not others: <see cref="SubjectTests"/>.</summary>
    internal sealed class Subject
    {
        private int _lower;
        private int _upper;

        public int Lower => _lower;

        public int Upper => _upper;

        // Only far from its bound.
        public static bool IsSmall(int value)
        {
            return value < 10;
        }

        // Never.
        public static int Half(int value)
        {
            return value / 2;
        }

        // Ends as long as it counts.
        public static int CountDown(int value)
        {
            int rounds = 0;
            while (value > 0)
            {
                value -= 1;
                rounds++;
            }

            return rounds;
        }

        // Ends as long as it comes closer to 0.
        public static int Depth(int value)
        {
            return value == 0 ? 0 : Depth(value - 1) + 1;
        }

        // The lower one is compared, the upper one only written.
        public void Set(int lower, int upper)
        {
            _lower = lower;
            _upper = upper;
        }
    }
}

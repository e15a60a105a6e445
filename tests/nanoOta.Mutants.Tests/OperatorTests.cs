using System.Reflection;
using nanoOta.Mutants.Il;
using nanoOta.Mutants.Operators;
using nanoOta.Mutants.Tests.Fixture;

namespace nanoOta.Mutants.Tests
{
    public class OperatorTests
    {
        [Theory]
        [InlineData(nameof(Samples.Larger), Conditions.Negated, new object[] { 2, 1 }, 2, 101)]
        [InlineData(nameof(Samples.Larger), Conditions.BoundMoved, new object[] { 2, 2 }, 102, 2)]
        [InlineData(nameof(Samples.IsLess), Conditions.Negated, new object[] { 1, 2 }, true, false)]
        [InlineData(nameof(Samples.IsLess), Conditions.BoundMoved, new object[] { 2, 2 }, false, true)]
        [InlineData(nameof(Samples.IsAtMost), Conditions.Negated, new object[] { 1, 2 }, true, false)]
        [InlineData(nameof(Samples.IsAtMost), Conditions.BoundMoved, new object[] { 2, 2 }, true, false)]
        [InlineData(nameof(Samples.IsPositive), Constants.ReturnFlipped, new object[] { 1 }, true, false)]
        [InlineData(nameof(Samples.Plus), Arithmetic.Exchanged, new object[] { 5, 3 }, 8, 2)]
        [InlineData(nameof(Samples.Twice), Arithmetic.Exchanged, new object[] { 8 }, 16, 4)]
        [InlineData(nameof(Samples.Minus), Arithmetic.Dropped, new object[] { 8 }, -8, 8)]
        [InlineData(nameof(Samples.Called), Calls.Removed, new object[] { 9 }, 7, 9)]
        [InlineData(nameof(Samples.Stored), Stores.Removed, new object[] { 9 }, 68, 18)]
        [InlineData(nameof(Samples.Choose), Switches.Changed, new object[] { 0 }, "zero", "one")]
        public void The_first_mutant_of_an_operator_does_what_its_name_says(string method, string name, object[] arguments, object result, object mutated)
        {
            Mutant mutant = Mutants(method).First(mutant => mutant.Operator == name);
            Assert.Equal(result, Call(MutatedWorld.Samples.Copy(), method, arguments));
            Assert.Equal(mutated, Call(MutatedWorld.Samples.Make(mutant), method, arguments));
        }

        [Theory]
        [InlineData(nameof(Samples.Stored), "_first -> _second")]
        [InlineData(nameof(Samples.StoredInProperty), "set_One -> set_Two")]
        public void A_store_goes_to_the_other_one_of_its_type(string method, string change)
        {
            Mutant mutant = Assert.Single(Mutants(method), mutant => mutant.Change == change);
            Assert.Equal(68, Call(MutatedWorld.Samples.Copy(), method, 9));
            Assert.Equal(9, Call(MutatedWorld.Samples.Make(mutant), method, 9));
            Assert.DoesNotContain(Mutants(nameof(Samples.OnlyOneOfItsType)), mutant => mutant.Operator == Stores.Redirected);
        }

        [Fact]
        public void A_constant_becomes_one_more_or_one_less()
        {
            Mutant small = Assert.Single(Mutants(nameof(Samples.Seven)));
            Assert.Contains(Call(MutatedWorld.Samples.Make(small), nameof(Samples.Seven)), new object[] { 6, 8 });
            Mutant large = Assert.Single(Mutants(nameof(Samples.Million)));
            Assert.Contains(Call(MutatedWorld.Samples.Make(large), nameof(Samples.Million)), new object[] { 999_999_999_999, 1_000_000_000_001 });
        }

        [Theory]
        [InlineData(nameof(Samples.Locked), Calls.Removed)]
        [InlineData(nameof(Samples.Locked), Conditions.Negated)]
        [InlineData(nameof(Samples.Disposed), Calls.Removed)]
        [InlineData(nameof(Samples.Disposed), Conditions.Negated)]
        [InlineData(nameof(Samples.Lambda), Conditions.Negated)]
        [InlineData(nameof(Samples.Lambda), Stores.Removed)]
        [InlineData(".ctor", Stores.Removed)]
        public void What_the_compiler_added_or_no_test_can_see_is_not_mutated(string method, string name)
        {
            Assert.DoesNotContain(Mutants(method), mutant => mutant.Operator == name);
        }

        [Fact]
        public void The_length_of_an_initialised_array_is_not_mutated()
        {
            Assert.DoesNotContain(Mutants(nameof(Samples.Table)), mutant => mutant.Change.StartsWith("3 ->", StringComparison.Ordinal));
        }

        [Fact]
        public void Each_mutant_has_its_line_and_a_name_of_its_own()
        {
            IReadOnlyList<Mutant> mutants = MutatedWorld.Samples.Mutants;
            Assert.Equal(mutants.Count, mutants.Select(mutant => mutant.Id).Distinct().Count());
            Assert.All(mutants, mutant => Assert.EndsWith("Samples.cs", mutant.File));
            Assert.All(mutants, mutant => Assert.InRange(mutant.Line, 1, 200));
            Assert.Equal("nanoOta.Mutants.Tests.Fixture.Samples.Seven", Mutants(nameof(Samples.Seven))[0].ShortMethod);
        }

        private static Mutant[] Mutants(string method)
        {
            return [.. MutatedWorld.Samples.Mutants.Where(mutant => mutant.ShortMethod == $"{typeof(Samples).FullName}.{method}")];
        }

        private static object? Call(byte[] image, string method, params object[] arguments)
        {
            Type samples = new MutatedWorld(image).Loaded.GetType(typeof(Samples).FullName!, throwOnError: true)!;
            return samples.GetMethod(method, BindingFlags.Static | BindingFlags.Public)!.Invoke(null, arguments);
        }
    }
}

using FsCheck;
using FsCheck.Fluent;

namespace nanoOta.Tests.Manifests
{
    public class SemanticVersionTests
    {
        // Clause 11 of the specification, with more pre-releases, in rising order.
        private static readonly string[] _rising =
        [
            "0.0.0-0", "0.0.0", "0.0.4", "1.0.0-0", "1.0.0-1", "1.0.0-2", "1.0.0-10", "1.0.0-99999999999999999999999",
            "1.0.0--", "1.0.0-0a", "1.0.0-1-2", "1.0.0-A", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.1.0", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2",
            "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1-x", "1.0.1", "1.0.10", "1.1.0", "1.10.0", "2.0.0", "2.1.0", "2.1.1",
            "10.0.0", "18446744073709551616.0.0", "99999999999999999999.0.0",
        ];

        [Fact]
        public void Precedence_is_that_of_the_specification()
        {
            for (int i = 0; i < _rising.Length; i++)
            {
                for (int j = 0; j < _rising.Length; j++)
                {
                    int order = SemanticVersion.Parse(_rising[i]).CompareTo(SemanticVersion.Parse(_rising[j]));
                    Assert.True(Math.Sign(order) == Math.Sign(i - j), $"{_rising[i]} against {_rising[j]}: {order}");
                }
            }
        }

        [Theory]
        [InlineData("1.0.0+build", "1.0.0")]
        [InlineData("1.0.0-rc.1+exp.sha-5114f85.001", "1.0.0-rc.1")]
        [InlineData("1.0.0+21AF26D3---117B344092BD", "1.0.0")]
        public void Build_metadata_is_dropped_and_takes_no_part_in_precedence(string text, string without)
        {
            SemanticVersion version = SemanticVersion.Parse(text);
            Assert.Equal(without, version.Text);
            Assert.Equal(0, version.CompareTo(SemanticVersion.Parse(without)));
        }

        // From the specification's own suite of texts that a parser must take.
        [Theory]
        [InlineData("0.0.4")]
        [InlineData("1.1.2-prerelease+meta")]
        [InlineData("1.1.2+meta-valid")]
        [InlineData("1.0.0-alpha.beta.1")]
        [InlineData("1.0.0-alpha0.valid")]
        [InlineData("1.0.0-alpha.0valid")]
        [InlineData("1.0.0-alpha-a.b-c-somethinglong+build.1-aef.1-its-okay")]
        [InlineData("2.0.0+build.1848")]
        [InlineData("1.0.0-alpha+beta")]
        [InlineData("1.2.3----RC-SNAPSHOT.12.9.1--.12+788")]
        [InlineData("1.2.3----R-S.12.9.1--.12+meta")]
        [InlineData("1.0.0+0.build.1-rc.10000aaa-kk-0.1")]
        [InlineData("1.0.0-0A.is.legal")]
        public void A_well_formed_version_is_read(string text)
        {
            Assert.NotNull(SemanticVersion.Parse(text));
        }

        [Theory]
        [InlineData(null)]
        [InlineData("")]
        [InlineData("1")]
        [InlineData("1.2")]
        [InlineData("1.2.3.4")]
        [InlineData("v1.2.3")]
        [InlineData(" 1.2.3")]
        [InlineData("1.2.3 ")]
        [InlineData("01.1.1")]
        [InlineData("1.01.1")]
        [InlineData("1.1.01")]
        [InlineData("1.2.3-")]
        [InlineData("1.2.3+")]
        [InlineData("1.2.3-01")]
        [InlineData("1.2.3-a..b")]
        [InlineData("1.2.3-a.")]
        [InlineData("1.2.3-.a")]
        [InlineData("1.2.3-a_b")]
        [InlineData("1.2.3+a+b")]
        [InlineData("1.2.3+a..b")]
        [InlineData("1.2.3-a+")]
        [InlineData("-1.0.3-gamma+b7718")]
        [InlineData("1.2.-3")]
        [InlineData("1..3")]
        [InlineData(".1.2.3")]
        [InlineData("1.2.٣")]
        [InlineData("1.2.3-ä")]
        public void A_malformed_version_is_not_read(string? text)
        {
            Assert.Null(SemanticVersion.Parse(text));
        }

        [Fact]
        public void A_version_of_63_characters_is_read_and_a_longer_one_is_not()
        {
            Assert.NotNull(SemanticVersion.Parse("1.0.0-" + new string('a', 57)));
            Assert.Null(SemanticVersion.Parse("1.0.0-" + new string('a', 58)));
        }

        [Theory]
        [InlineData("1.1.0", "v1_1_0", "1.1.0")]
        [InlineData("1.1.0-rc.2+x.y", "v1_1_0-rc_2", "1.1.0")]
        public void The_stem_of_files_has_underscores_for_dots(string text, string stem, string core)
        {
            Assert.Equal(stem, SemanticVersion.Parse(text).FileStem);
            Assert.Equal(core, SemanticVersion.Parse(text).Core);
        }

        [Fact]
        public void An_assembly_s_version_has_three_parts_of_its_four()
        {
            Assert.Equal("1.2.3", SemanticVersion.FromAssembly(new Version(1, 2, 3, 4)));
            Assert.Equal("1.2.0", SemanticVersion.FromAssembly(new Version(1, 2)));
        }

        [Fact]
        public void Precedence_is_an_order_of_random_versions()
        {
            var identifiers = Gen.Elements("0", "1", "2", "9", "10", "alpha", "beta", "rc", "Z", "a-1", "-", "0a", "99999999999");
            var numbers = Gen.Elements("0", "1", "2", "10", "4294967296");
            var versions = from major in numbers
                           from minor in numbers
                           from patch in numbers
                           from pre in identifiers.ListOf()
                           from build in identifiers.ListOf()
                           let text = $"{major}.{minor}.{patch}" + (pre.Any() ? "-" + string.Join(".", pre) : "") + (build.Any() ? "+" + string.Join(".", build) : "")
                           where text.Length <= SemanticVersion.MaxLength
                           select SemanticVersion.Parse(text);
            Prop.ForAll(versions.Three().ToArbitrary(), v =>
            {
                (SemanticVersion a, SemanticVersion b, SemanticVersion c) = v;
                int ab = Math.Sign(a.CompareTo(b));
                int bc = Math.Sign(b.CompareTo(c));
                int ac = Math.Sign(a.CompareTo(c));
                bool transitive = (ab != bc || ac == ab) && (ab != 0 || ac == bc) && (bc != 0 || ac == ab);
                return a.CompareTo(a) == 0 && ab == -Math.Sign(b.CompareTo(a)) && transitive && (ab == 0) == (a.Text == b.Text);
            }).QuickCheckThrowOnFailure();
        }

        // From the specification's own suite of texts that a parser must not take.
        [Theory]
        [InlineData("1.2.3-0123")]
        [InlineData("1.2.3-0123.0123")]
        [InlineData("1.1.2+.123")]
        [InlineData("+invalid")]
        [InlineData("-invalid")]
        [InlineData("-invalid+invalid")]
        [InlineData("-invalid.01")]
        [InlineData("alpha")]
        [InlineData("alpha.beta")]
        [InlineData("alpha.beta.1")]
        [InlineData("alpha.1")]
        [InlineData("alpha+beta")]
        [InlineData("alpha_beta")]
        [InlineData("alpha.")]
        [InlineData("alpha..")]
        [InlineData("beta")]
        [InlineData("1.0.0-alpha_beta")]
        [InlineData("-alpha.")]
        [InlineData("1.0.0-alpha..")]
        [InlineData("1.0.0-alpha..1")]
        [InlineData("1.0.0-alpha...1")]
        [InlineData("1.0.0-alpha.......1")]
        [InlineData("1.2.3.DEV")]
        [InlineData("1.2-SNAPSHOT")]
        [InlineData("1.2.31.2.3----RC-SNAPSHOT.12.09.1--..12+788")]
        [InlineData("1.2-RC-SNAPSHOT")]
        [InlineData("+justmeta")]
        [InlineData("9.8.7+meta+meta")]
        [InlineData("9.8.7-whatever+meta+meta")]
        [InlineData("99999999999999999999999.999999999999999999.99999999999999999----RC-SNAPSHOT.12.09.1--------------------------------..12")]
        public void What_the_specification_says_is_none_is_not_read(string text)
        {
            Assert.Null(SemanticVersion.Parse(text));
        }
    }
}

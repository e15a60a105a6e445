namespace nanoOta.Mutants.Tests.Fixture
{
    public class SubjectTests
    {
        [Fact]
        public void Three_is_small_and_thirty_is_not()
        {
            Assert.True(Subject.IsSmall(3));
            Assert.False(Subject.IsSmall(30));
        }

        [Fact]
        public void Three_rounds_lead_to_zero()
        {
            Assert.Equal(3, Subject.CountDown(3));
        }

        [Fact]
        public void Three_calls_lead_to_zero()
        {
            Assert.Equal(3, Subject.Depth(3));
        }
    }

    public class SubjectFieldTests
    {
        [Fact]
        public void The_lower_bound_is_kept()
        {
            var subject = new Subject();
            subject.Set(1, 2);
            Assert.Equal(1, subject.Lower);
        }
    }
}

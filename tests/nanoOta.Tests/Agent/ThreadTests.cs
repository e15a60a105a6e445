using nanoOta.Tests.Devices;

namespace nanoOta.Tests.Agent
{
    /// <summary>The agent's own thread, as it runs on a device. What is awaited comes at once, or the time limit of a minute fails the test.</summary>
    public class ThreadTests
    {
        private static readonly TimeSpan _limit = TimeSpan.FromMinutes(1);

        private readonly Rig _rig = new();
        private readonly HashSet<int> _threads = [];
        private readonly SemaphoreSlim _stepped = new(0);
        private int _inStep;
        private bool _overlapped;

        public ThreadTests()
        {
            _rig.Channel.Desired = _ => null;
            _rig.Channel.OnStep = _ =>
            {
                _overlapped |= Interlocked.Increment(ref _inStep) != 1;
                lock (_threads)
                {
                    _threads.Add(Environment.CurrentManagedThreadId);
                }

                _stepped.Release();
                Interlocked.Decrement(ref _inStep);
            };
            _rig.Boot();
        }

        [Fact]
        public void Start_steps_the_agent_and_a_second_start_makes_no_second_thread()
        {
            _rig.Agent.Start();
            _rig.Agent.Start();
            AwaitSteps(1);
            _rig.Agent.Start();
            _rig.Agent.Wake();
            AwaitSteps(1);
            _rig.Agent.Stop();
            Assert.Single(_threads);
        }

        [Fact]
        public void Stop_before_start_and_twice_does_nothing()
        {
            _rig.Agent.Stop();
            _rig.Agent.Stop();
            _rig.Agent.Start();
            AwaitSteps(1);
            _rig.Agent.Stop();
            _rig.Agent.Stop();
        }

        [Fact]
        public void After_a_stop_no_step_comes_and_after_a_start_it_goes_on()
        {
            _rig.Agent.Start();
            AwaitSteps(1);
            _rig.Agent.Stop();

            // The thread may have been about to step; then it ends.
            Assert.True(SpinWait.SpinUntil(() => { _rig.Agent.Wake(); return Drained(); }, _limit));
            _rig.Agent.Start();
            AwaitSteps(1);
            _rig.Agent.Stop();
        }

        [Fact]
        public void Stops_and_starts_in_a_row_never_step_the_agent_on_two_threads_at_once()
        {
            for (int i = 0; i < 200; i++)
            {
                _rig.Agent.Start();
                _rig.Agent.Stop();
            }

            _rig.Agent.Start();
            AwaitSteps(1);
            _rig.Agent.Stop();
            Assert.False(_overlapped);
        }

        [Fact]
        public void It_can_be_stopped_from_within_a_callback()
        {
            _rig.Channel.OnStep = _ =>
            {
                _rig.Agent.Stop();
                _stepped.Release();
            };
            _rig.Agent.Start();
            AwaitSteps(1);
        }

        [Fact]
        public void CheckNow_and_Cancel_wake_it()
        {
            _rig.Agent.Start();
            AwaitSteps(1);
            _rig.Agent.CheckNow();
            Assert.True(SpinWait.SpinUntil(() => _rig.Channel.Checks > 0, _limit));
            _rig.Agent.Cancel();
            AwaitSteps(1);
            _rig.Agent.Stop();
        }

        private void AwaitSteps(int count)
        {
            for (int i = 0; i < count; i++)
            {
                Assert.True(_stepped.Wait(_limit, TestContext.Current.CancellationToken), "The agent is not stepped.");
            }
        }

        // No step has come since the last look.
        private bool Drained()
        {
            int seen = _stepped.CurrentCount;
            while (_stepped.Wait(0, TestContext.Current.CancellationToken))
            {
            }

            Thread.Sleep(1);
            return seen == 0 && _stepped.CurrentCount == 0;
        }
    }
}

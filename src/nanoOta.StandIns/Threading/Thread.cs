extern alias Net;

using nanoOta.StandIns;
using HostThread = Net::System.Threading.Thread;

namespace System.Threading
{
    /// <summary>
    /// A thread of the device's application. On a device's clock, it runs whenever nothing else does, until it waits; on the host's, it is
    /// one of .NET's. An exception that nobody catches ends it alone.
    /// </summary>
    public sealed class Thread
    {
        [ThreadStatic]
        private static Thread? _current;

        private static int _last;

        private readonly ThreadStart? _start;
        private ApplicationThread? _application;
        private HostThread? _host;

        /// <summary>Makes a thread.</summary>
        /// <param name="start">What it does.</param>
        /// <exception cref="ArgumentNullException">There is nothing to do.</exception>
        public Thread(ThreadStart start)
        {
            _start = start ?? throw new ArgumentNullException(nameof(start));
        }

        private Thread(HostThread host)
        {
            _host = host;
        }

        /// <summary>The thread that this code runs on.</summary>
        public static Thread CurrentThread => _current ??= new Thread(HostThread.CurrentThread);

        /// <summary>A number of its own.</summary>
        public int ManagedThreadId { get; } = Interlocked.Increment(ref _last);

        /// <summary>Kept; it changes nothing here.</summary>
        public ThreadPriority Priority { get; set; } = ThreadPriority.Normal;

        /// <summary>Whether it was started and has not ended.</summary>
        public bool IsAlive => _application is { IsOver: false } || _host is { IsAlive: true };

        /// <summary>What it does.</summary>
        public ThreadState ThreadState => IsAlive ? ThreadState.Running : _application is null && _host is null ? ThreadState.Unstarted : ThreadState.Stopped;

        /// <summary>Starts it.</summary>
        /// <exception cref="ThreadStateException">It was started before.</exception>
        public void Start()
        {
            if (_application is not null || _host is not null)
            {
                throw new ThreadStateException();
            }

            if (DeviceClock.Current.HasSchedule)
            {
                _application = DeviceClock.Current.Schedule.Start(Run);
            }
            else
            {
                _host = new HostThread(RunAlone) { IsBackground = true };
                _host.Start();
            }
        }

        /// <summary>Waits for its end.</summary>
        public void Join() => Join(Timeout.Infinite);

        /// <summary>Waits for its end.</summary>
        /// <param name="millisecondsTimeout">The longest to wait; -1: for ever.</param>
        /// <returns>Whether it has ended.</returns>
        public bool Join(int millisecondsTimeout)
        {
            return DeviceSchedule.OfThisThread is { } schedule ? schedule.WaitUntil(() => !IsAlive, millisecondsTimeout)
                : _host?.Join(millisecondsTimeout) ?? !IsAlive;
        }

        /// <summary>Waits for its end.</summary>
        public bool Join(TimeSpan timeout) => Join((int)timeout.TotalMilliseconds);

        /// <summary>Waits.</summary>
        /// <param name="millisecondsTimeout">How long; -1: for ever.</param>
        public static void Sleep(int millisecondsTimeout)
        {
            if (DeviceSchedule.OfThisThread is not { } schedule)
            {
                HostThread.Sleep(millisecondsTimeout);
            }
            else if (millisecondsTimeout < 0)
            {
                schedule.WaitUntil(() => false, Timeout.Infinite);
            }
            else
            {
                schedule.Run(millisecondsTimeout);
            }
        }

        /// <summary>Waits.</summary>
        public static void Sleep(TimeSpan timeout) => Sleep((int)timeout.TotalMilliseconds);

        /// <summary>Wastes time; none passes here.</summary>
        public static void SpinWait(int iterations)
        {
        }

        private void Run()
        {
            _current = this;
            _start!();
        }

        private void RunAlone()
        {
            try
            {
                Run();
            }
            catch (Exception e) when (e is not DeviceHangException)
            {
                // It ends the thread, and nothing else.
            }
        }
    }
}

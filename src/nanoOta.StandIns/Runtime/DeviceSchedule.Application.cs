namespace nanoOta.StandIns
{
    // The application's own threads: one runs at a time, until it waits.
    public sealed partial class DeviceSchedule
    {
        private const long Day = 24 * 3600 * 1000L;

        private readonly List<Wait> _waits = [];

        /// <summary>Whether an application runs here with threads of its own.</summary>
        public bool HasApplication { get; private set; }

        /// <summary>
        /// By what the calling thread waits, when it is one of an application that runs with threads of its own, or one of a library's that
        /// called it; null: it waits as .NET does.
        /// </summary>
        internal static DeviceSchedule? OfThisThread =>
            ApplicationThread.Current is { } own ? own.Schedule
            : DeviceThread.Current is not null && DeviceClock.Current is { HasSchedule: true } clock && clock.Schedule.HasApplication ? clock.Schedule : null;

        private bool IsOnApplicationThread => ApplicationThread.Current?.Schedule == this;

        /// <summary>
        /// The device is off or resets: a thread of the application does not go on from here. On any other thread, nothing happens.
        /// </summary>
        public static void EndThread()
        {
            while (ApplicationThread.Current is { } own)
            {
                own.Rest();
            }
        }

        /// <summary>Starts a thread of the application, when time passes next.</summary>
        internal ApplicationThread Start(Action body)
        {
            HasApplication = true;
            var thread = new ApplicationThread(this, body);
            Plan(thread, 0, () => Go(thread));
            return thread;
        }

        /// <summary>Waits; on a library's thread, everything else goes on meanwhile.</summary>
        /// <param name="isSo">Asked after each thing that happens, by another thread; once true, not again.</param>
        /// <param name="milliseconds">The longest to wait; -1: for ever.</param>
        /// <returns>Whether it became so.</returns>
        internal bool WaitUntil(Func<bool> isSo, long milliseconds)
        {
            if (!IsOnApplicationThread)
            {
                return RunUntil(isSo, milliseconds < 0 ? Day : milliseconds)
                    || (milliseconds < 0 ? throw Hang("A library's thread has waited for a day in a handler, and nothing ends it.") : false);
            }

            if (isSo())
            {
                return true;
            }

            if (milliseconds == 0)
            {
                return false;
            }

            ApplicationThread own = ApplicationThread.Current!;
            var wait = new Wait(own, isSo);
            wait.Timer = milliseconds < 0 ? null : Plan(own, milliseconds, () =>
            {
                _waits.Remove(wait);
                Go(own);
            });
            _waits.Add(wait);
            own.Rest();
            return wait.IsMet;
        }

        private void Sleep(long milliseconds)
        {
            ApplicationThread own = ApplicationThread.Current!;
            Plan(own, milliseconds, () => Go(own));
            own.Rest();
        }

        private Item Plan(ApplicationThread thread, long afterMilliseconds, Action work)
        {
            return Add(new Item(_clock.Uptime + afterMilliseconds, null, thread, work), afterMilliseconds);
        }

        private void Go(ApplicationThread thread)
        {
            if (!thread.Go())
            {
                throw Hang("A thread of the application works without end, or waits for what is not the device's.");
            }

            if (thread.Fault is { } fault)
            {
                _uncaught.Add(fault);
            }
        }

        private void WakeWaiting()
        {
            while (_waits.Find(wait => wait.IsSo()) is { } met)
            {
                _waits.Remove(met);
                Remove(met.Timer);
                met.IsMet = true;
                Go(met.Thread);
            }
        }

        private sealed class Wait(ApplicationThread thread, Func<bool> isSo)
        {
            public ApplicationThread Thread => thread;

            public Func<bool> IsSo => isSo;

            public object? Timer { get; set; }

            public bool IsMet { get; set; }
        }
    }
}

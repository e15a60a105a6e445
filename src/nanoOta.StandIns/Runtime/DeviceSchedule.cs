namespace nanoOta.StandIns
{
    /// <summary>
    /// What happens on a device beside the code that runs: packets come in, timers fire, the threads of libraries work. All of
    /// it happens while time passes and never in between, in a fixed order, so that a run can be repeated.
    /// </summary>
    /// <remarks>
    /// One thing at a time: while a <see cref="DeviceThread"/> works, everything else stands still, and what is for a busy
    /// thread waits for it. What cannot end is found and told (<see cref="DeviceHangException"/>).
    /// </remarks>
    public sealed partial class DeviceSchedule
    {
        private readonly DeviceClock _clock;
        private readonly List<Item> _items = [];
        private readonly List<Exception> _uncaught = [];
        private DeviceHangException? _hang;

        internal DeviceSchedule(DeviceClock clock)
        {
            _clock = clock;
        }

        /// <summary>How much of the host's time a device's thread gets for one thing before it counts as hung.</summary>
        public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(20);

        /// <summary>
        /// Whether the device's threads borrow the thread that lets time pass, for fleets of thousands. A wait for a lock that the
        /// application holds is not found then.
        /// </summary>
        public bool IsInline { get; set; }

        /// <summary>The thread that calls the callbacks of all timers.</summary>
        public DeviceThread Timers { get; private set; } = new("timer thread");

        /// <summary>What escaped from the device's threads; there it ends the thread and nobody hears of it.</summary>
        public IReadOnlyList<Exception> Uncaught => _uncaught;

        /// <summary>Threads that run on for ever, although nobody needs them any more.</summary>
        public int LeakedThreads { get; internal set; }

        /// <summary>When the next thing happens, by <see cref="DeviceClock.Uptime"/>; long.MaxValue when nothing is to come.</summary>
        public long NextDue => Next()?.Due ?? long.MaxValue;

        /// <summary>Plans something.</summary>
        /// <param name="afterMilliseconds">From now; 0 or more.</param>
        /// <param name="thread">The device's thread that does it; null for what happens outside of the device.</param>
        /// <param name="work">What to do.</param>
        /// <returns>For <see cref="Remove"/>.</returns>
        public object Add(long afterMilliseconds, DeviceThread? thread, Action work)
        {
            return Add(new Item(_clock.Uptime + afterMilliseconds, thread, null, work), afterMilliseconds);
        }

        private Item Add(Item item, long afterMilliseconds)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(afterMilliseconds);
            int at = _items.FindLastIndex(other => other.Due <= item.Due) + 1;
            _items.Insert(at, item);
            return item;
        }

        /// <summary>Takes back what <see cref="Add"/> planned; nothing happens when it is done already.</summary>
        public void Remove(object? planned)
        {
            if (planned is Item item)
            {
                _items.Remove(item);
            }
        }

        /// <summary>Lets time pass and happen what is due.</summary>
        /// <param name="milliseconds">0 or more; with 0, what is due now happens.</param>
        /// <exception cref="DeviceHangException">Something can never end, now or at an earlier call.</exception>
        public void Run(long milliseconds)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(milliseconds);
            if (IsOnApplicationThread)
            {
                Sleep(milliseconds);
                return;
            }

            long end = _clock.Uptime + milliseconds;
            while (true)
            {
                WakeWaiting();
                if (_hang is not null)
                {
                    throw _hang;
                }

                Item? next = Next();
                long until = next is not null && next.Due < end ? next.Due : end;
                if (until > _clock.Uptime)
                {
                    _clock.Pass(until - _clock.Uptime);
                    if (_clock.Uptime < until)
                    {
                        // A clock that waits has stopped waiting, because something came in: whoever waits for it looks again.
                        return;
                    }
                }

                if (next is null || next.Due > end)
                {
                    return;
                }

                _items.Remove(next);
                Do(next);
            }
        }

        /// <summary>Lets time pass until something is so.</summary>
        /// <param name="isSo">Asked after each thing that happens.</param>
        /// <param name="milliseconds">The longest to wait.</param>
        /// <returns>Whether it is so.</returns>
        public bool RunUntil(Func<bool> isSo, long milliseconds)
        {
            if (IsOnApplicationThread)
            {
                return WaitUntil(isSo, milliseconds);
            }

            long end = _clock.Uptime + milliseconds;
            while (!isSo())
            {
                long now = _clock.Uptime;
                if (now >= end)
                {
                    return false;
                }

                Run(Math.Clamp(NextDue - now, 0, end - now));
            }

            return true;
        }

        /// <summary>Waits as device code does that asks a flag time and again.</summary>
        /// <param name="isSo">The flag.</param>
        /// <param name="token">Ends the wait.</param>
        /// <param name="what">Who waits, for messages.</param>
        /// <param name="bringer">The thread that alone can make it so; null when there is none.</param>
        /// <exception cref="DeviceHangException">Nothing will ever end the wait.</exception>
        internal void Poll(Func<bool> isSo, CancellationToken token, string what, DeviceThread? bringer)
        {
            const int Step = 200;
            long giveUp = _clock.Uptime + (24 * 3600 * 1000L);
            while (!isSo() && !token.IsCancellationRequested)
            {
                if (!token.CanBeCanceled && bringer is not null && DeviceThread.Current == bringer)
                {
                    throw Hang($"{what} waits on the {bringer.Name} for an answer that this thread alone brings, and has no token that ends it.");
                }

                if (_clock.Uptime > giveUp)
                {
                    throw Hang($"{what} has waited for a day, and nothing ends it.");
                }

                RunUntil(() => token.IsCancellationRequested, Step);
            }
        }

        /// <summary>How often the device started anew.</summary>
        public int Restarts { get; private set; }

        /// <summary>The device starts anew: its threads are gone, and what they had to do. What is outside of it goes on.</summary>
        public void Restart()
        {
            Restarts++;
            _items.RemoveAll(item => item.Thread is not null || item.Application is not null);
            _waits.Clear();
            HasApplication = false;
            Timers = new DeviceThread(Timers.Name);
            LeakedThreads = 0;
        }

        /// <summary>Tells that something can never end. Device code that catches everything hears it again.</summary>
        internal DeviceHangException Hang(string message)
        {
            return _hang ??= new DeviceHangException(message);
        }

        private Item? Next() => _items.Find(item => item.Thread is not { IsBusy: true });

        private void Do(Item item)
        {
            if (item.Thread is null)
            {
                item.Work();
                return;
            }

            Exception? failure;
            if (!(IsInline ? item.Thread.TryDoHere(item.Work, out failure) : item.Thread.TryDo(item.Work, Patience, out failure)))
            {
                throw Hang($"The {item.Thread.Name} waits for a lock or an event of the code that waits for it, or it never ends.");
            }

            if (failure is not null and not DeviceHangException)
            {
                _uncaught.Add(failure);
            }
        }

        private sealed record Item(long Due, DeviceThread? Thread, ApplicationThread? Application, Action Work);
    }
}

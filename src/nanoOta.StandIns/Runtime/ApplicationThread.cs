extern alias Net;

using HostThread = Net::System.Threading.Thread;

namespace nanoOta.StandIns
{
    /// <summary>
    /// A thread of the application. It has a .NET thread of its own and runs until it waits for something of the device's; meanwhile
    /// everything else stands still. That of a boot that is over stays where it waits.
    /// </summary>
    internal sealed class ApplicationThread
    {
        private const int StackBytes = 1 << 20;

        // The device has no thread that works for minutes without waiting; servers that do not answer are given up before.
        private static readonly TimeSpan _patience = TimeSpan.FromMinutes(3);

        [ThreadStatic]
        private static ApplicationThread? _current;

        private readonly SemaphoreSlim _goes = new(0);
        private readonly SemaphoreSlim _rests = new(0);

        internal ApplicationThread(DeviceSchedule schedule, Action body)
        {
            Schedule = schedule;
            new HostThread(() => Live(body), StackBytes) { IsBackground = true }.Start();
        }

        /// <summary>The one that this code runs on; null on any other thread.</summary>
        internal static ApplicationThread? Current => _current;

        /// <summary>By what it waits.</summary>
        internal DeviceSchedule Schedule { get; }

        /// <summary>Whether it has come to its end.</summary>
        internal bool IsOver { get; private set; }

        /// <summary>What ended it; null: nothing did, or it came to its end by itself.</summary>
        internal Exception? Fault { get; private set; }

        /// <summary>Lets it run until it waits or ends. For whoever lets time pass.</summary>
        /// <returns>False when it does neither.</returns>
        internal bool Go()
        {
            _goes.Release();
            return _rests.Wait(_patience);
        }

        /// <summary>Waits for <see cref="Go"/>. For the thread itself.</summary>
        internal void Rest()
        {
            _rests.Release();
            _goes.Wait();
        }

        private void Live(Action body)
        {
            _current = this;
            _goes.Wait();
            try
            {
                body();
            }
            catch (Exception e)
            {
                // It ends the thread and nothing else, as on the device.
                Fault = e;
            }

            IsOver = true;
            _rests.Release();
        }
    }
}

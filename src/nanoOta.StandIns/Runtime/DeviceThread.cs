extern alias Net;

using System.Collections.Concurrent;
using HostThread = Net::System.Threading.Thread;

namespace nanoOta.StandIns
{
    /// <summary>A thread of the device's own libraries: it does one thing at a time, whoever gives it something to do.</summary>
    /// <param name="name">For messages.</param>
    public sealed class DeviceThread(string name)
    {
        [ThreadStatic]
        private static DeviceThread? _current;

        /// <summary>The one that this code runs on; null on any thread of the application's.</summary>
        public static DeviceThread? Current => _current;

        /// <summary>For messages.</summary>
        public string Name { get; } = name;

        /// <summary>Whether it has not returned from what it is doing.</summary>
        public bool IsBusy { get; private set; }

        /// <summary>
        /// Does something and waits for its end. It has a .NET thread of its own, so that a lock that the application holds
        /// stops it as on the device.
        /// </summary>
        /// <returns>Whether it came to its end in time; if not, it never will.</returns>
        internal bool TryDo(Action work, TimeSpan patience, out Exception? failure)
        {
            Exception? thrown = null;
            IsBusy = true;
            bool done = Worker.TryDo(() =>
            {
                _current = this;
                try
                {
                    work();
                }
                catch (Exception e)
                {
                    thrown = e;
                }

                _current = null;
            }, patience);
            if (!done)
            {
                failure = null;
                return false;
            }

            IsBusy = false;
            failure = thrown;
            return true;
        }

        /// <summary>Does something on the thread of the caller, which always comes to its end.</summary>
        internal bool TryDoHere(Action work, out Exception? failure)
        {
            DeviceThread? outer = _current;
            failure = null;
            IsBusy = true;
            _current = this;
            try
            {
                work();
            }
            catch (Exception e)
            {
                failure = e;
            }

            _current = outer;
            IsBusy = false;
            return true;
        }

        // A .NET thread that does one piece of work after the other. To start one costs more than most of what they do.
        private sealed class Worker
        {
            private static readonly ConcurrentBag<Worker> _idle = [];

            private readonly SemaphoreSlim _begins = new(0);
            private readonly SemaphoreSlim _ended = new(0);
            private Action _work = () => { };

            private Worker()
            {
                new HostThread(Serve) { IsBackground = true }.UnsafeStart();
            }

            // One that does not come to its end is not used again.
            public static bool TryDo(Action work, TimeSpan patience)
            {
                Worker worker = _idle.TryTake(out Worker? idle) ? idle : new Worker();
                ExecutionContext? context = ExecutionContext.Capture();
                worker._work = context == null ? work : () => ExecutionContext.Run(context, _ => work(), null);
                worker._begins.Release();
                if (!worker._ended.Wait(patience))
                {
                    return false;
                }

                _idle.Add(worker);
                return true;
            }

            private void Serve()
            {
                while (true)
                {
                    _begins.Wait();
                    _work();
                    _work = () => { };
                    _ended.Release();
                }
            }
        }
    }
}

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
            Thread thread = new(() =>
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
            })
            {
                IsBackground = true,
            };
            IsBusy = true;
            thread.Start();
            if (!thread.Join(patience))
            {
                failure = null;
                return false;
            }

            IsBusy = false;
            failure = thrown;
            return true;
        }
    }
}

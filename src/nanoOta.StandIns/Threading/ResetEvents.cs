extern alias Net;

using nanoOta.StandIns;
using HostEvent = Net::System.Threading.EventWaitHandle;

namespace System.Threading
{
    /// <summary>.NET's, but a thread of an application waits by the device's time and lets the others go on. WaitAny and WaitAll do not.</summary>
    public sealed class AutoResetEvent : WaitHandle
    {
        private readonly HostEvent _host;

        /// <summary>Makes one.</summary>
        /// <param name="initialState">Whether it is set.</param>
        public AutoResetEvent(bool initialState)
        {
            _host = new HostEvent(initialState, Net::System.Threading.EventResetMode.AutoReset);
            SafeWaitHandle = _host.SafeWaitHandle;
        }

        /// <summary>Sets it: one wait ends.</summary>
        public bool Set() => _host.Set();

        /// <summary>Resets it.</summary>
        public bool Reset() => _host.Reset();

        /// <inheritdoc/>
        public override bool WaitOne() => WaitOne(Timeout.Infinite);

        /// <inheritdoc/>
        public override bool WaitOne(int millisecondsTimeout) => DeviceWait.For(_host, millisecondsTimeout);

        /// <inheritdoc/>
        public override bool WaitOne(int millisecondsTimeout, bool exitContext) => DeviceWait.For(_host, millisecondsTimeout);
    }

    /// <summary>.NET's, but a thread of an application waits by the device's time and lets the others go on. WaitAny and WaitAll do not.</summary>
    public sealed class ManualResetEvent : WaitHandle
    {
        private readonly HostEvent _host;

        /// <summary>Makes one.</summary>
        /// <param name="initialState">Whether it is set.</param>
        public ManualResetEvent(bool initialState)
        {
            _host = new HostEvent(initialState, Net::System.Threading.EventResetMode.ManualReset);
            SafeWaitHandle = _host.SafeWaitHandle;
        }

        /// <summary>Sets it: all waits end.</summary>
        public bool Set() => _host.Set();

        /// <summary>Resets it.</summary>
        public bool Reset() => _host.Reset();

        /// <inheritdoc/>
        public override bool WaitOne() => WaitOne(Timeout.Infinite);

        /// <inheritdoc/>
        public override bool WaitOne(int millisecondsTimeout) => DeviceWait.For(_host, millisecondsTimeout);

        /// <inheritdoc/>
        public override bool WaitOne(int millisecondsTimeout, bool exitContext) => DeviceWait.For(_host, millisecondsTimeout);
    }
}

namespace nanoOta.StandIns
{
    /// <summary>Waits for events of the application.</summary>
    internal static class DeviceWait
    {
        internal static bool For(Net::System.Threading.EventWaitHandle host, int milliseconds)
        {
            return DeviceSchedule.OfThisThread is { } schedule
                ? schedule.WaitUntil(() => host.WaitOne(0), milliseconds) : host.WaitOne(milliseconds);
        }
    }
}

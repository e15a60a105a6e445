extern alias Net;

using nanoOta.StandIns;
using HostEvent = Net::System.Threading.EventWaitHandle;
using ResetMode = Net::System.Threading.EventResetMode;

namespace System.Threading
{
    /// <summary>.NET's, but a thread of an application waits by the device's time and lets the others go on. WaitAny and WaitAll do not.</summary>
    public sealed class AutoResetEvent : ApplicationEvent
    {
        /// <summary>Makes one: setting it ends one wait.</summary>
        /// <param name="initialState">Whether it is set.</param>
        public AutoResetEvent(bool initialState)
            : base(initialState, ResetMode.AutoReset)
        {
        }
    }

    /// <summary>.NET's, but a thread of an application waits by the device's time and lets the others go on. WaitAny and WaitAll do not.</summary>
    public sealed class ManualResetEvent : ApplicationEvent
    {
        /// <summary>Makes one: setting it ends all waits.</summary>
        /// <param name="initialState">Whether it is set.</param>
        public ManualResetEvent(bool initialState)
            : base(initialState, ResetMode.ManualReset)
        {
        }
    }
}

namespace nanoOta.StandIns
{
    /// <summary>What both events of an application do.</summary>
    public abstract class ApplicationEvent : WaitHandle
    {
        private readonly HostEvent _host;

        private protected ApplicationEvent(bool initialState, ResetMode mode)
        {
            _host = new HostEvent(initialState, mode);
            SafeWaitHandle = _host.SafeWaitHandle;
        }

        /// <summary>Sets it.</summary>
        public bool Set() => _host.Set();

        /// <summary>Resets it.</summary>
        public bool Reset() => _host.Reset();

        /// <inheritdoc/>
        public override bool WaitOne() => WaitOne(Timeout.Infinite);

        /// <inheritdoc/>
        public override bool WaitOne(int millisecondsTimeout, bool exitContext) => WaitOne(millisecondsTimeout);

        /// <inheritdoc/>
        public override bool WaitOne(int millisecondsTimeout)
        {
            return DeviceSchedule.OfThisThread is { } schedule
                ? schedule.WaitUntil(() => _host.WaitOne(0), millisecondsTimeout) : _host.WaitOne(millisecondsTimeout);
        }
    }
}

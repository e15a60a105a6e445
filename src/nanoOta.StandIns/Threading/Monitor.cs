extern alias Net;

using nanoOta.StandIns;
using HostMonitor = Net::System.Threading.Monitor;

namespace System.Threading
{
    /// <summary>Locks. They are .NET's own; but a thread of an application lets the others go on while it waits for one.</summary>
    public static class Monitor
    {
        /// <summary>Takes a lock, and waits for it.</summary>
        public static void Enter(object obj)
        {
            if (DeviceSchedule.OfThisThread is not { } schedule)
            {
                HostMonitor.Enter(obj);
                return;
            }

            while (!HostMonitor.TryEnter(obj))
            {
                schedule.WaitUntil(() => IsFree(obj), Timeout.Infinite);
            }
        }

        /// <summary>Gives it back.</summary>
        /// <exception cref="SynchronizationLockException">Another thread has it, or none.</exception>
        public static void Exit(object obj) => HostMonitor.Exit(obj);

        // Asked by the thread that lets time pass, which may have it itself.
        private static bool IsFree(object obj)
        {
            if (HostMonitor.IsEntered(obj) || !HostMonitor.TryEnter(obj))
            {
                return false;
            }

            HostMonitor.Exit(obj);
            return true;
        }
    }
}

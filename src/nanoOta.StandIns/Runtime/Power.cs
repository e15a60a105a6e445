using nanoOta.StandIns;

namespace nanoFramework.Runtime.Native
{
    /// <summary>Called before the device restarts.</summary>
    public delegate void RebootEventHandler();

    /// <summary>How the device restarts.</summary>
    public enum RebootOption
    {
        /// <summary>Through the hardware's reset: the boot loader chooses what runs.</summary>
        NormalReboot = 0,

        /// <summary>Into nanoBooter.</summary>
        EnterNanoBooter = 1,

        /// <summary>Only the CLR starts anew; the boot loader is not asked.</summary>
        ClrOnly = 2,

        /// <summary>Into the maker's own boot loader.</summary>
        EnterProprietaryBooter = 8,
    }

    /// <summary>Restarts the device.</summary>
    public class Power
    {
        /// <summary>Raised before a restart. An exception of a handler keeps the later ones from running, and is lost.</summary>
        public static event RebootEventHandler OnRebootEvent
        {
            add => DeviceBoard.Current.RebootHandlers += value;
            remove => DeviceBoard.Current.RebootHandlers -= value;
        }

        /// <inheritdoc cref="RebootDevice(int, RebootOption)"/>
        public static void RebootDevice(RebootOption rebootOption = RebootOption.NormalReboot)
        {
            RebootDevice(-1, rebootOption);
        }

        /// <summary>
        /// Asks for a restart. On a thread of an application that runs here it does not return, as on a device; elsewhere it does, as on the
        /// host nanoCLR. The request is left in <see cref="DeviceBoard.RebootRequested"/>.
        /// </summary>
        /// <param name="exeConstraintTimeout">Milliseconds that the handlers may take; not enforced here.</param>
        /// <param name="rebootOption">How to restart.</param>
        public static void RebootDevice(int exeConstraintTimeout, RebootOption rebootOption = RebootOption.NormalReboot)
        {
            DeviceBoard board = DeviceBoard.Current;
            try
            {
                board.RebootHandlers?.Invoke();
            }
            catch
            {
                // The device drops what a handler throws and restarts all the same.
            }

            board.RebootRequested = rebootOption;
            DeviceSchedule.EndThread();
        }
    }
}

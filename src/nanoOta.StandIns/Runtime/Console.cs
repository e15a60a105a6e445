extern alias Net;

using nanoOta.StandIns;
using HostConsole = Net::System.Console;

namespace System
{
    /// <summary>What an application prints: to its board, or else to the host's console.</summary>
    public static class Console
    {
        /// <summary>Prints.</summary>
        public static void Write(string? value)
        {
            if (DeviceBoard.Running?.Console is { } console)
            {
                console(value ?? "");
            }
            else
            {
                HostConsole.Write(value);
            }
        }

        /// <summary>Ends a line.</summary>
        public static void WriteLine() => Write("\n");

        /// <summary>Prints a line.</summary>
        public static void WriteLine(string? value) => Write(value + "\n");
    }
}

namespace System.Net.Sockets
{
    /// <summary>
    /// A failure of the network. Unlike .NET's it is no Win32Exception, and its code is the number of the
    /// <see cref="SocketError"/> on every system.
    /// </summary>
    public class SocketException(SocketError errorCode) : Exception
    {
        /// <summary>What went wrong.</summary>
        public int ErrorCode { get; } = (int)errorCode;
    }
}

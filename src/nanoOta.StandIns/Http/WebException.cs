namespace System.Net
{
    /// <summary>
    /// A request failed. What GetResponse throws has the cause as inner exception, and its own status is
    /// <see cref="WebExceptionStatus.Success"/> (0): the status to look at, if any, is an inner WebException's.
    /// </summary>
    public class WebException : InvalidOperationException
    {
        /// <summary>Makes one without cause.</summary>
        public WebException()
        {
        }

        /// <summary>Makes one with a message.</summary>
        public WebException(string? message)
            : base(message)
        {
        }

        /// <summary>Makes one with a cause.</summary>
        public WebException(string? message, Exception? innerException)
            : base(message, innerException)
        {
        }

        /// <summary>Makes one with a status.</summary>
        public WebException(string? message, WebExceptionStatus status)
            : base(message)
        {
            Status = status;
        }

        /// <summary>Makes one with everything.</summary>
        public WebException(string? message, Exception? inner, WebExceptionStatus status, WebResponse? response)
            : base(message, inner)
        {
            Status = status;
            Response = response;
        }

        /// <summary>What went wrong.</summary>
        public WebExceptionStatus Status { get; }

        /// <summary>The response; the device never sets it.</summary>
        public WebResponse? Response { get; }
    }
}

namespace TestFrameworkShared
{
    /// <summary>An assertion has failed.</summary>
    public class AssertFailedException : Exception
    {
        public AssertFailedException()
        {
        }

        public AssertFailedException(string msg)
            : base(msg)
        {
        }

        public AssertFailedException(string msg, Exception ex)
            : base(msg, ex)
        {
        }
    }
}

namespace nanoFramework.TestFramework
{
    /// <summary>A test does not want to be run here.</summary>
    public class SkipTestException(string? message = null, Exception? innerException = null) : Exception(message, innerException)
    {
    }
}

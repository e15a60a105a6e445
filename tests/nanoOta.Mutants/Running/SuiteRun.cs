namespace nanoOta.Mutants.Running
{
    /// <summary>How a process with tests ended.</summary>
    internal enum RunEnd
    {
        /// <summary>Every test passed.</summary>
        Passed,

        /// <summary>A test failed.</summary>
        Failed,

        /// <summary>The process broke off: out of memory, stack overflow, or an exception on a thread of its own.</summary>
        Crashed,

        /// <summary>The process was not done in time and was ended.</summary>
        TimedOut,
    }

    /// <summary>What came of a process with tests.</summary>
    /// <param name="End">How it ended.</param>
    /// <param name="Test">The test that failed, or that ran last; null: none was started.</param>
    /// <param name="Cost">What it took.</param>
    internal sealed record SuiteRun(RunEnd End, string? Test, RunCost Cost);
}

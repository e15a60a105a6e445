// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>
    /// What a stage says after a step, all in one number: it is done; it has failed, and why; or it is to be called again, when, and
    /// what it waits for. (A number, because nanoCLR allocates structures on the heap.)
    /// </summary>
    internal static class StepResult
    {
        /// <summary>The stage is done.</summary>
        internal const long Done = -1;

        private const int Shift = 10;
        private const long CodeMask = (1 << Shift) - 1;
        private const long Latest = long.MaxValue >> Shift;

        /// <summary>The stage is over: done for <see cref="ResultCode.None"/>, otherwise failed.</summary>
        internal static long Over(ResultCode code)
        {
            return Done - (long)code;
        }

        /// <summary>The stage is to be called again at a time; <c>long.MaxValue</c>: never, it waits for something else.</summary>
        internal static long Until(long due)
        {
            return WaitFor(ResultCode.None, due);
        }

        /// <summary>The same, for a reason that is reported.</summary>
        internal static long WaitFor(ResultCode reason, long due)
        {
            return ((due < Latest ? due : Latest) << Shift) | (long)reason;
        }

        /// <summary>Whether the stage is done or has failed.</summary>
        internal static bool IsOver(long result)
        {
            return result < 0;
        }

        /// <summary>Why it failed or waits; <see cref="ResultCode.None"/> when there is nothing to say.</summary>
        internal static ResultCode CodeOf(long result)
        {
            return (ResultCode)(result < 0 ? Done - result : result & CodeMask);
        }

        /// <summary>When to call again.</summary>
        internal static long DueOf(long result)
        {
            long due = result >> Shift;
            return due == Latest ? long.MaxValue : due;
        }
    }
}

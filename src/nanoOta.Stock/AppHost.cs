// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>
    /// What the loader and the application that it loads say to each other. The application refers to this assembly and does not
    /// bring it: the loader has it.
    /// </summary>
    public static class AppHost
    {
        /// <summary>The application's own test of itself; set it early in Main. Without one, to run for half a minute is the test.</summary>
        public static SelfTestHandler SelfTest;

        /// <summary>The loader's agent, for <see cref="UpdateAgent.RebootRequested"/> and the status; set before Main is called.</summary>
        public static UpdateAgent Agent;
    }
}

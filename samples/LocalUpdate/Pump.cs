// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta.Samples
{
    /// <summary>What this device is for. An update must find it working and must not stop it halfway.</summary>
    public static class Pump
    {
        /// <summary>Whether the pump answers.</summary>
        public static bool Answers => true;

        /// <summary>Whether the pump runs.</summary>
        public static bool IsRunning => false;
    }
}

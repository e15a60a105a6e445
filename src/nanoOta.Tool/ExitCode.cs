namespace nanoOta.Tool
{
    /// <summary>How a command ended; the same numbers for every command.</summary>
    public enum ExitCode
    {
        /// <summary>Done.</summary>
        Done = 0,

        /// <summary>The tool itself failed.</summary>
        InternalError = 1,

        /// <summary>Wrong usage, or input that cannot be read.</summary>
        Usage = 2,

        /// <summary>The device refused the update, could not get it, or rolled it back.</summary>
        Refused = 3,

        /// <summary>An image, a device or a story is not as it should be.</summary>
        Unsound = 4,

        /// <summary>The device did not settle in time.</summary>
        Unsettled = 5,

        /// <summary>The power was cut, as was asked for.</summary>
        PowerCut = 9,
    }
}

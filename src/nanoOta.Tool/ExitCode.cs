namespace nanoOta.Tool
{
    /// <summary>How a command ended; the same numbers for every command (docs/operators.md lists them with what to do).</summary>
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

        /// <summary>An image, a device or a power-fail scenario is not as it should be, or the image is for another board.</summary>
        Unsound = 4,

        /// <summary>The device did not settle in time.</summary>
        Unsettled = 5,

        /// <summary>A service does not accept the credentials: a wrong key, an expired signature, a missing role.</summary>
        Denied = 6,

        /// <summary>Something of that name exists with other content: nothing was overwritten.</summary>
        Conflict = 7,

        /// <summary>A service cannot be reached, or the connection broke off.</summary>
        Unreachable = 8,

        /// <summary>The power was cut, as was asked for.</summary>
        PowerCut = 9,

        /// <summary>A service throttles, and went on to do so for as long as the command waits.</summary>
        Throttled = 10,

        /// <summary>No device is meant: a tag is missing, or there is no such device, rollout or version.</summary>
        NoTarget = 11,

        /// <summary>This computer's clock is off, so that signatures with a time are not accepted.</summary>
        ClockOff = 12,

        /// <summary>The rollout is paused, because too many devices failed.</summary>
        Paused = 13,

        /// <summary>The version is not above the one that the group had.</summary>
        NotNewer = 14,

        /// <summary>Ctrl+C ended the command.</summary>
        Interrupted = 130,
    }
}

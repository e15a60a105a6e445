// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>Where an update stands. <see cref="StateTable"/> says what follows what.</summary>
    public enum UpdateState
    {
        /// <summary>No update is under way.</summary>
        Idle,

        /// <summary>The update request is checked: its manifest is fetched and judged.</summary>
        Check,

        /// <summary>The update is accepted and waits until it may start.</summary>
        Wait,

        /// <summary>Components are streamed into their idle slots.</summary>
        Download,

        /// <summary>What was written is read back and judged as an image.</summary>
        Verify,

        /// <summary>All components are activated.</summary>
        Activate,

        /// <summary>The device is about to reboot.</summary>
        Reboot,

        /// <summary>The new version runs and is being tested.</summary>
        Trial,

        /// <summary>The new version is confirmed: from here there is no way back.</summary>
        Confirm,

        /// <summary>What was activated is taken back.</summary>
        Revert,

        /// <summary>The download is given up: nothing was activated.</summary>
        Discard,
    }
}

// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>
    /// A way of hearing of updates and of reporting: a twin, a URL that is polled, Azure Device Update. The agent's thread calls
    /// every member; a channel that is called back by others only notes what it heard.
    /// </summary>
    public interface IUpdateChannel
    {
        /// <summary>
        /// The update request as last heard; null when there is none, or none has been heard yet. It may change only within <see cref="Step"/>.
        /// </summary>
        UpdateOffer Offer { get; }

        /// <summary>
        /// Rises with every answer about the update request, changed or not, since the boot. 0: none has come yet, and so a version on trial
        /// has not proved that it can still be updated.
        /// </summary>
        int Answers { get; }

        /// <summary>Whether the newest report has arrived, as far as the channel can tell.</summary>
        bool IsReported { get; }

        /// <summary>
        /// Does one bounded piece of work: connects, listens, reports. Expected failures (no network) are the channel's own to
        /// retry with back-off; they are not thrown.
        /// </summary>
        /// <param name="now">Milliseconds since the boot, never falling.</param>
        /// <returns>
        /// When it wants to be called again, on the same clock; it may be called earlier. A later time than now says that there is
        /// nothing to do at once: a channel that has just connected asks for its next step at once until it knows the update request.
        /// </returns>
        long Step(long now);

        /// <summary>Takes the state to report. Only the newest matters; it is sent, and sent again, by <see cref="Step"/>.</summary>
        /// <param name="status">A snapshot, which does not change.</param>
        void Report(UpdateStatus status);

        /// <summary>Asks for the update request anew at the next step, whenever that would have been.</summary>
        void CheckNow();

        /// <summary>
        /// Gives up the connection, so that the memory of its TLS session is free for a download. The next <see cref="Step"/>, which
        /// comes when that memory is free again, may make it anew. Nothing is lost by it: what is to be reported stays to be
        /// reported, and what was missed is asked for.
        /// </summary>
        void Pause();
    }
}

// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>What is remembered of how updates end: the last result, known-bad updates, the highest counter.</summary>
    internal sealed class Conclusions
    {
        private readonly UpdateContext _context;

        internal Conclusions(UpdateContext context)
        {
            _context = context;
        }

        /// <summary>An update was applied; found out after the next boot when a cut came between that and the journal.</summary>
        internal void Applied(byte[] digest, string version)
        {
            Journal journal = _context.Journal;
            if (journal.IsAbout(digest) && journal[Journal.Counter] > journal[Journal.HighestCounter])
            {
                journal[Journal.HighestCounter] = journal[Journal.Counter];
            }

            journal.PutText(Journal.AppliedVersion, version);
            journal[Journal.Phase] = Journal.Idle;
            Remember(ResultCode.Applied, version);
        }

        /// <summary>A trial ended without confirmation, whoever ended it.</summary>
        internal void TrialEnded(byte[] digest, string version, ResultCode verdict)
        {
            Journal journal = _context.Journal;
            bool mine = journal.IsAbout(digest);
            if (verdict == ResultCode.NoCloudContact)
            {
                // No verdict on the update yet: what is prepared stays, to be tried again once the cloud is heard.
                journal[Journal.ContactFailures] += mine ? 1u : 0u;
            }
            else if (verdict != ResultCode.TrialInterrupted && verdict != ResultCode.Cancelled)
            {
                journal.AddKnownBad(digest, mine ? journal[Journal.Retry] : 0);
                if (mine)
                {
                    journal[Journal.Phase] = Journal.Idle;
                }
            }

            Remember(verdict, version);
        }

        /// <summary>The update in hand was refused, failed, or was cancelled before a trial.</summary>
        internal void Failed(ResultCode code)
        {
            Journal journal = _context.Journal;
            string version = _context.Version;
            ResultCode last = (ResultCode)journal[Journal.LastCode];
            bool sameVersion = journal.GetText(Journal.LastVersion) == version;
            if (code == ResultCode.UpToDate)
            {
                return;
            }

            // That an update is known to be bad says less than what made it so.
            if (code == ResultCode.KnownBad && sameVersion && last >= ResultCode.SelfTestFailed)
            {
                return;
            }

            // What lies in the slots is of no use when it was found wrong itself.
            bool wrong = code == ResultCode.HashMismatch || (code >= ResultCode.ReadBackMismatch && code <= ResultCode.NativesMismatch)
                || code == ResultCode.ReferenceMissing;
            if (wrong && journal.IsAbout(_context.Digest))
            {
                journal[Journal.Phase] = Journal.Idle;
            }
            else if (last == code && sameVersion)
            {
                // The same once more, perhaps each time the device connects: not worth wearing the flash.
                return;
            }

            Remember(code, version);
        }

        private void Remember(ResultCode code, string version)
        {
            Journal journal = _context.Journal;
            journal[Journal.LastCode] = (uint)code;
            journal[Journal.LastTime] = (uint)_context.Time();
            journal.PutText(Journal.LastVersion, version);

            // A journal that cannot be written is reported when it is needed: an update is not activated without it.
            journal.Save();
        }
    }
}

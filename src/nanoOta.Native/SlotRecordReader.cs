// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using System.Text;

namespace nanoOta
{
    /// <summary>Reads the slot record as the native code stores it.</summary>
    internal static class SlotRecordReader
    {
        private const int TrialParts = 10;
        private const int Verdict = 16;
        private const int TrialId = 20;
        private const int Sets = 24;
        private const int SetLength = 120;
        private const int Trial = Sets + 2 * SetLength;

        // Within a set.
        private const int VersionLength = 64;
        private const int ApplicationLength = 24;
        private const int Digest = VersionLength + ApplicationLength;

        internal static void Read(byte[] record, int firmware, bool onTrial, string applicationVersion, ModuleStatus status)
        {
            status.Verdict = (ResultCode)Bytes.GetUInt32(record, Verdict);
            bool ended = record[TrialParts] != 0 && status.Verdict != ResultCode.None;
            status.Trial = onTrial ? TrialPhase.Running : ended ? TrialPhase.Ended : TrialPhase.None;
            status.TrialId = Bytes.GetUInt32(record, TrialId);
            status.TrialVersion = Text(record, Trial, VersionLength);
            Array.Copy(record, Trial + Digest, status.TrialDigest, 0, Sha256.DigestLength);

            // What was confirmed holds as long as the application is still the one it was confirmed with.
            int set = Sets + firmware * SetLength;
            string version = Text(record, set, VersionLength);
            bool known = version.Length > 0 && Text(record, set + VersionLength, ApplicationLength) == applicationVersion;
            status.ConfirmedVersion = known ? version : null;
            Array.Clear(status.ConfirmedDigest, 0, Sha256.DigestLength);
            if (known)
            {
                Array.Copy(record, set + Digest, status.ConfirmedDigest, 0, Sha256.DigestLength);
            }
        }

        private static string Text(byte[] record, int at, int room)
        {
            int length = 0;
            while (length < room && record[at + length] != 0)
            {
                length++;
            }

            return Encoding.UTF8.GetString(record, at, length);
        }
    }
}

// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>The names and sentences of result codes, for reports and for people. Both are as stable as the numbers.</summary>
    public static class ResultText
    {
        /// <summary>A code's name.</summary>
        /// <param name="code">The code.</param>
        /// <returns>The name, as in <see cref="ResultCode"/>; for a number that is no code, <c>Unknown</c>.</returns>
        public static string Name(ResultCode code)
        {
            string text = Of(code);
            return text.Substring(0, text.IndexOf(':'));
        }

        /// <summary>A code's sentence.</summary>
        /// <param name="code">The code.</param>
        /// <returns>One English sentence.</returns>
        public static string Sentence(ResultCode code)
        {
            string text = Of(code);
            return text.Substring(text.IndexOf(':') + 2);
        }

        // One text for both, because each case of a switch costs flash.
        private static string Of(ResultCode code)
        {
            switch (code)
            {
                case ResultCode.None:
                    return "None: No update has been tried.";
                case ResultCode.Applied:
                    return "Applied: Installed and confirmed.";
                case ResultCode.UpToDate:
                    return "UpToDate: This version runs already.";
                case ResultCode.Cancelled:
                    return "Cancelled: The update request was withdrawn or replaced.";
                case ResultCode.Pending:
                    return "Pending: Not done yet.";
                case ResultCode.NotYet:
                    return "NotYet: Waits for its start time.";
                case ResultCode.OutsideWindow:
                    return "OutsideWindow: Waits for its window of the day.";
                case ResultCode.Busy:
                    return "Busy: The application is busy.";
                case ResultCode.BatteryLow:
                    return "BatteryLow: The battery is too low.";
                case ResultCode.PercentageNotReached:
                    return "PercentageNotReached: The rollout percentage does not include this device yet.";
                case ResultCode.TooSoon:
                    return "TooSoon: The last update is too recent.";
                case ResultCode.ClockUnknown:
                    return "ClockUnknown: The clock is not set.";
                case ResultCode.OfferMalformed:
                    return "OfferMalformed: The update request cannot be read.";
                case ResultCode.OfferAmbiguous:
                    return "OfferAmbiguous: Both updateVersion and update are given.";
                case ResultCode.VersionMalformed:
                    return "VersionMalformed: Not a semantic version.";
                case ResultCode.UrlMissing:
                    return "UrlMissing: No URL is given.";
                case ResultCode.UrlMalformed:
                    return "UrlMalformed: Not an absolute http or https URL.";
                case ResultCode.HostNotAllowed:
                    return "HostNotAllowed: The host is not allowed.";
                case ResultCode.InsecureTransport:
                    return "InsecureTransport: Nothing vouches for the manifest.";
                case ResultCode.TwinUnreadable:
                    return "TwinUnreadable: A property of the twin keeps it from being read.";
                case ResultCode.UrlTooLong:
                    return "UrlTooLong: A URL is longer than 2048 characters, its token included.";
                case ResultCode.ManifestMalformed:
                    return "ManifestMalformed: The manifest breaks its schema.";
                case ResultCode.ManifestTooLarge:
                    return "ManifestTooLarge: The manifest is too long.";
                case ResultCode.SchemaUnknown:
                    return "SchemaUnknown: The manifest's schema is unknown.";
                case ResultCode.ManifestVersionMismatch:
                    return "ManifestVersionMismatch: The manifest is for another version.";
                case ResultCode.ComponentUnknown:
                    return "ComponentUnknown: No module takes a component.";
                case ResultCode.WrongTarget:
                    return "WrongTarget: The update is for another target.";
                case ResultCode.WrongProduct:
                    return "WrongProduct: The update is for another product.";
                case ResultCode.NotNewer:
                    return "NotNewer: Not newer, and no downgrade is allowed.";
                case ResultCode.CounterTooLow:
                    return "CounterTooLow: The counter is below one applied before.";
                case ResultCode.KnownBad:
                    return "KnownBad: This update failed its trial before.";
                case ResultCode.Expired:
                    return "Expired: The manifest has expired.";
                case ResultCode.TooLarge:
                    return "TooLarge: An image does not fit its slot.";
                case ResultCode.RequirementUnmet:
                    return "RequirementUnmet: A required component is missing or old.";
                case ResultCode.HeapTooSmall:
                    return "HeapTooSmall: The application does not fit the heap.";
                case ResultCode.SignatureMissing:
                    return "SignatureMissing: Not signed.";
                case ResultCode.SignatureMalformed:
                    return "SignatureMalformed: A part of the JWS is missing or cannot be read.";
                case ResultCode.AlgorithmRefused:
                    return "AlgorithmRefused: Not RS256.";
                case ResultCode.CriticalHeader:
                    return "CriticalHeader: Needs an unknown extension.";
                case ResultCode.KeyUnknown:
                    return "KeyUnknown: The key is not trusted.";
                case ResultCode.SignatureInvalid:
                    return "SignatureInvalid: The signature is wrong.";
                case ResultCode.KeyListMalformed:
                    return "KeyListMalformed: The key list is malformed.";
                case ResultCode.KeyListTooOld:
                    return "KeyListTooOld: The key list is outdated.";
                case ResultCode.KeyStoreFailed:
                    return "KeyStoreFailed: The key list cannot be stored.";
                case ResultCode.EncryptionMalformed:
                    return "EncryptionMalformed: What the manifest says of the encryption is malformed.";
                case ResultCode.EncryptionUnsupported:
                    return "EncryptionUnsupported: Encrypted in a way that the device does not have.";
                case ResultCode.RecipientMissing:
                    return "RecipientMissing: Encrypted for others: the device has none of the keys.";
                case ResultCode.ContentKeyInvalid:
                    return "ContentKeyInvalid: The device's key of that id does not open the image.";
                case ResultCode.Unreachable:
                    return "Unreachable: The server cannot be reached or gives no answer.";
                case ResultCode.TimedOut:
                    return "TimedOut: The server did not answer in time.";
                case ResultCode.ConnectionLost:
                    return "ConnectionLost: The connection broke off.";
                case ResultCode.TooSlow:
                    return "TooSlow: The data comes too slowly.";
                case ResultCode.AccessDenied:
                    return "AccessDenied: The server denies access.";
                case ResultCode.NotFound:
                    return "NotFound: The server has no such file.";
                case ResultCode.ServerBusy:
                    return "ServerBusy: The server asks to come back later.";
                case ResultCode.ServerError:
                    return "ServerError: The server failed.";
                case ResultCode.BadResponse:
                    return "BadResponse: The server's answer breaks the protocol.";
                case ResultCode.RedirectRefused:
                    return "RedirectRefused: A redirect leads where it must not.";
                case ResultCode.TooManyRedirects:
                    return "TooManyRedirects: Too many redirects.";
                case ResultCode.RangeMismatch:
                    return "RangeMismatch: The server sent another range.";
                case ResultCode.FileChanged:
                    return "FileChanged: The file changed while it was fetched.";
                case ResultCode.SizeMismatch:
                    return "SizeMismatch: The file's size is not the manifest's.";
                case ResultCode.HashMismatch:
                    return "HashMismatch: The file's hash is not the manifest's.";
                case ResultCode.RedirectTooLong:
                    return "RedirectTooLong: A redirect leads to a URL of more than 2048 characters.";
                case ResultCode.PatchMalformed:
                    return "PatchMalformed: The patch does not fit: the whole image is fetched.";
                case ResultCode.RebuildMismatch:
                    return "RebuildMismatch: The parts make another image: all of it is fetched.";
                case ResultCode.FlashFailed:
                    return "FlashFailed: The flash cannot be written.";
                case ResultCode.ReadBackMismatch:
                    return "ReadBackMismatch: The flash does not hold what was written.";
                case ResultCode.ImageMalformed:
                    return "ImageMalformed: The image is damaged or of another kind.";
                case ResultCode.WrongChip:
                    return "WrongChip: The image is for another chip.";
                case ResultCode.ImageVersionMismatch:
                    return "ImageVersionMismatch: The image's version is not the manifest's.";
                case ResultCode.NativesMismatch:
                    return "NativesMismatch: The CLR lacks native code of an assembly.";
                case ResultCode.SlotBusy:
                    return "SlotBusy: The running firmware is still on trial.";
                case ResultCode.ActivationFailed:
                    return "ActivationFailed: The slot cannot be made bootable.";
                case ResultCode.ReferenceMissing:
                    return "ReferenceMissing: An assembly refers to one that is not there.";
                case ResultCode.McuSilent:
                    return "McuSilent: The external MCU does not answer.";
                case ResultCode.McuRefused:
                    return "McuRefused: The external MCU refuses what it is asked for.";
                case ResultCode.McuVersionMismatch:
                    return "McuVersionMismatch: The external MCU reports another version than the one it was given.";
                case ResultCode.FormerImageMissing:
                    return "FormerImageMissing: There is no former image to go back to.";
                case ResultCode.SelfTestFailed:
                    return "SelfTestFailed: Rolled back: the self-test failed.";
                case ResultCode.TrialCrashed:
                    return "TrialCrashed: Rolled back: it crashed.";
                case ResultCode.TrialHung:
                    return "TrialHung: Rolled back: it hung.";
                case ResultCode.NoCloudContact:
                    return "NoCloudContact: Rolled back: it did not reach the cloud.";
                case ResultCode.TrialInterrupted:
                    return "TrialInterrupted: Rolled back: resets interrupted the trial.";
                case ResultCode.NotStarted:
                    return "NotStarted: Rolled back: it did not start.";
                case ResultCode.InternalError:
                    return "InternalError: The library or a callback failed.";
                case ResultCode.TooManyAttempts:
                    return "TooManyAttempts: Activated too often without a verdict.";
                case ResultCode.JournalFailed:
                    return "JournalFailed: The journal cannot be written.";
                default:
                    return "Unknown: A code of a later version.";
            }
        }
    }
}

namespace nanoOta.Tool.Fleet
{
    /// <summary>What an operator does about a result code.</summary>
    internal static class Advice
    {
        /// <summary>The advice: one or two sentences.</summary>
        public static string For(ResultCode code)
        {
            return code switch
            {
                ResultCode.None or ResultCode.Applied or ResultCode.UpToDate or ResultCode.Pending => "Nothing is to be done.",
                ResultCode.Cancelled => "Deploy again if it was not meant.",
                ResultCode.NotYet or ResultCode.OutsideWindow => "It starts by itself. For one device at once: deploy --device ID --method.",
                ResultCode.Busy => "The application decides when it may: look at its IsBusy.",
                ResultCode.BatteryLow => "It starts once the battery is charged.",
                ResultCode.PercentageNotReached => "Widen the rollout: nanoota rollout PRODUCT GROUP --percent N.",
                ResultCode.TooSoon => "It starts after the minimum interval that the application sets. For one device at once: deploy --device ID --method.",
                ResultCode.ClockUnknown => "Give the device a time source (SNTP), or take start time, window and expiry out of the update.",
                ResultCode.OfferMalformed or ResultCode.OfferAmbiguous or ResultCode.VersionMalformed or ResultCode.UrlMissing or ResultCode.UrlMalformed => "Mend the property in the device's desired properties, which nanoota doctor names, or deploy again.",
                ResultCode.HostNotAllowed or ResultCode.RedirectRefused => "Publish on a host that the application allows (AllowedHosts).",
                ResultCode.InsecureTransport => "Sign the update, or publish over https.",
                ResultCode.TwinUnreadable => "Remove nested arrays and escaped characters from the device's desired properties (docs/twin.md).",
                ResultCode.UrlTooLong or ResultCode.RedirectTooLong => "Use a shorter container address or signature.",
                ResultCode.ManifestMalformed or ResultCode.ManifestTooLarge or ResultCode.SchemaUnknown => "Look at the manifest: nanoota inspect FILE. Pack it with the tool.",
                ResultCode.ManifestVersionMismatch => "The manifest in the container is of another version than its name: publish again under a new version.",
                ResultCode.ComponentUnknown => "The device has no module for that component: update its application first, or leave the component out.",
                ResultCode.WrongTarget => "The image is for another board: deploy to the right group, or pack with the right --target.",
                ResultCode.WrongProduct => "The application names another provider or product: deploy to the right group, or pack with its --provider and --name.",
                ResultCode.NotNewer => "Go back with nanoota rollback, which makes a manifest that allows it.",
                ResultCode.CounterTooLow => "Pack with a --counter above the highest one that was published.",
                ResultCode.KnownBad => "The device tried this build and went back. Mend it and deploy a new version.",
                ResultCode.Expired => "Pack again with a later --expires, under a new version.",
                ResultCode.TooLarge or ResultCode.HeapTooSmall => "Make the image smaller, and pack with --layout so that it is checked.",
                ResultCode.RequirementUnmet => "Deploy the component that is required first, or in the same update.",
                ResultCode.SignatureMissing or ResultCode.SignatureMalformed or ResultCode.AlgorithmRefused or ResultCode.CriticalHeader => "Sign with the tool: pack --key or sign.",
                ResultCode.KeyUnknown => "Sign with a key that the device trusts, or publish a list of keys that adds this one (docs/signing.md).",
                ResultCode.SignatureInvalid => "The signed file was changed: sign and publish again under a new version.",
                ResultCode.KeyListMalformed or ResultCode.KeyListTooOld => "Sign and publish the list of keys again, with a higher version.",
                ResultCode.KeyStoreFailed => "Look at the device's file system.",
                ResultCode.EncryptionMalformed => "Look at the manifest: nanoota inspect FILE. Pack it with the tool: --encrypt-for.",
                ResultCode.EncryptionUnsupported => "Encrypt with a key of the length that the device's AES has, or give the device another one (docs/encryption.md).",
                ResultCode.RecipientMissing => "Pack with --encrypt-for a key that this device has, or deploy to the devices it is meant for (docs/encryption.md).",
                ResultCode.ContentKeyInvalid => "The device's key and the one it was packed with differ under the same id: pack with the device's own key, or give the device the right one.",
                ResultCode.Unreachable or ResultCode.TimedOut or ResultCode.ConnectionLost or ResultCode.TooSlow => "The device retries by itself. If many say it: look at the network, the storage, and whether the certificate's root is in the application.",
                ResultCode.AccessDenied => "The signature for the storage has expired or is of another container: nanoota rollout PRODUCT GROUP --renew.",
                ResultCode.NotFound => "Publish the version to the container that the rollout names.",
                ResultCode.ServerBusy or ResultCode.ServerError => "The device retries by itself. If it lasts, look at the storage account.",
                ResultCode.BadResponse or ResultCode.TooManyRedirects or ResultCode.RangeMismatch => "Look at what stands between device and storage: a proxy or a captive portal.",
                ResultCode.FileChanged or ResultCode.SizeMismatch or ResultCode.HashMismatch => "The files are not those of the manifest: publish the build under a new version.",
                ResultCode.PatchMalformed or ResultCode.RebuildMismatch => "The device fetches the whole image by itself. If many say it, make the patches again from what devices run: pack --from.",
                ResultCode.FlashFailed or ResultCode.ReadBackMismatch or ResultCode.JournalFailed => "The device's flash may be worn or defective. If it is one device, replace it.",
                ResultCode.ImageMalformed or ResultCode.WrongChip or ResultCode.ImageVersionMismatch => "Look at the image: nanoota inspect FILE. Build and pack it again.",
                ResultCode.McuSilent or ResultCode.McuRefused => "Look at the wiring and the reset of the external MCU, and at what its boot loader allows (docs/external-mcu.md).",
                ResultCode.McuVersionMismatch => "The MCU's image carries another version than the manifest gives its component: pack it with ID@VERSION=FILE.",
                ResultCode.FormerImageMissing => "Give the device its MCU's image in the factory, or by Adopt, so that there is one to go back to (docs/external-mcu.md).",
                ResultCode.ReferenceMissing => "Pack the missing assembly into the image, in front of the one that refers to it, or deploy a loader that has it (docs/stock-firmware.md).",
                ResultCode.NativesMismatch => "The application needs another firmware: pack both into one update, or build against the firmware that devices run.",
                ResultCode.SlotBusy => "The device retries after its trial.",
                ResultCode.ActivationFailed or ResultCode.NotStarted => "Look at the device's log. If it is one device, flash it by cable.",
                ResultCode.SelfTestFailed => "The report has the self-test's reason and number: mend the build and deploy a new version.",
                ResultCode.TrialCrashed or ResultCode.TrialHung => "Run the build on a board at the desk, mend it, and deploy a new version.",
                ResultCode.NoCloudContact => "If many say it, the build breaks the connection: pause. If few do, their network was away; they try again.",
                ResultCode.TrialInterrupted => "Its power went off during the trial, more than once. It can be tried again: deploy --retry.",
                ResultCode.TooManyAttempts => "Look at the device's log, then deploy --retry.",
                ResultCode.InternalError => "Look at the device's log: a callback of the application threw, or the library has a defect to report.",
                _ => "This tool is older than the device's library: update the tool.",
            };
        }
    }
}

// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>
    /// Why an update was applied, refused, delayed, or rolled back. Numbers and names are stable: they appear in the twin,
    /// in the journal, and in operators' dashboards. <c>nanoota codes</c> has the sentence for each.
    /// </summary>
    public enum ResultCode
    {
        /// <summary>Nothing to say: no update has been tried, or a step succeeded.</summary>
        None = 0,

        /// <summary>The update is installed and confirmed.</summary>
        Applied = 1,

        /// <summary>The device already runs the wanted version.</summary>
        UpToDate = 2,

        /// <summary>The update request was withdrawn or replaced before the update took effect.</summary>
        Cancelled = 3,

        /// <summary>More of the same work remains: call again. Never reported.</summary>
        Pending = 4,

        /// <summary>The update is not to start before its time.</summary>
        NotYet = 10,

        /// <summary>The update waits for its window of the day.</summary>
        OutsideWindow = 11,

        /// <summary>The application is busy.</summary>
        Busy = 12,

        /// <summary>The application says that the battery does not suffice.</summary>
        BatteryLow = 13,

        /// <summary>The rollout percentage does not include this device yet.</summary>
        PercentageNotReached = 14,

        /// <summary>The last update is too recent.</summary>
        TooSoon = 15,

        /// <summary>A rule on time waits for the clock to be set.</summary>
        ClockUnknown = 16,

        /// <summary>The update request cannot be read.</summary>
        OfferMalformed = 100,

        /// <summary>Both updateVersion and update are given.</summary>
        OfferAmbiguous = 101,

        /// <summary>A version is not a semantic version of at most 63 characters.</summary>
        VersionMalformed = 102,

        /// <summary>Nothing says where the files lie.</summary>
        UrlMissing = 103,

        /// <summary>A URL is not an absolute http or https URL.</summary>
        UrlMalformed = 104,

        /// <summary>The host is not among those allowed.</summary>
        HostNotAllowed = 105,

        /// <summary>The manifest would come over plain http with nothing to vouch for it.</summary>
        InsecureTransport = 106,

        /// <summary>
        /// The client cannot read the twin, or it is too large: some property in it, of whomever, is why. Direct methods still work.
        /// </summary>
        TwinUnreadable = 107,

        /// <summary>A URL is longer than <see cref="Url.MaxLength"/> characters, its token included.</summary>
        UrlTooLong = 108,

        /// <summary>The manifest is not what the schema says.</summary>
        ManifestMalformed = 200,

        /// <summary>The manifest is longer than a device reads.</summary>
        ManifestTooLarge = 201,

        /// <summary>The manifest's schema is unknown to this version of the library.</summary>
        SchemaUnknown = 202,

        /// <summary>The manifest is for another version than the update request.</summary>
        ManifestVersionMismatch = 203,

        /// <summary>No module of this device takes a component of the manifest.</summary>
        ComponentUnknown = 204,

        /// <summary>The update is for another kind of device.</summary>
        WrongTarget = 205,

        /// <summary>The manifest names another product.</summary>
        WrongProduct = 206,

        /// <summary>The version is not newer and the manifest does not allow a downgrade.</summary>
        NotNewer = 300,

        /// <summary>The manifest's counter is lower than one already applied.</summary>
        CounterTooLow = 301,

        /// <summary>This update has failed its trial here before.</summary>
        KnownBad = 302,

        /// <summary>The manifest has expired.</summary>
        Expired = 303,

        /// <summary>An image does not fit its slot.</summary>
        TooLarge = 304,

        /// <summary>A component needs another one that is missing or too old.</summary>
        RequirementUnmet = 305,

        /// <summary>The application would not fit into the heap, where the CLR of stock firmware runs it.</summary>
        HeapTooSmall = 306,

        /// <summary>The update is not signed, and the device was given keys.</summary>
        SignatureMissing = 400,

        /// <summary>What should be a signed manifest is not a JWS of the compact form, or too long.</summary>
        SignatureMalformed = 401,

        /// <summary>The signature's algorithm is not RS256.</summary>
        AlgorithmRefused = 402,

        /// <summary>The signature needs an extension (crit), and this library has none.</summary>
        CriticalHeader = 403,

        /// <summary>The signature names no key, or one that is not trusted, or no longer.</summary>
        KeyUnknown = 404,

        /// <summary>The signature is not that of the key it names.</summary>
        SignatureInvalid = 405,

        /// <summary>The list of keys is not as it should be, or leaves no key.</summary>
        KeyListMalformed = 406,

        /// <summary>The list of keys is older than the one in force.</summary>
        KeyListTooOld = 407,

        /// <summary>The list of keys cannot be stored.</summary>
        KeyStoreFailed = 408,

        /// <summary>What the manifest says of an image's encryption is not what the schema says.</summary>
        EncryptionMalformed = 420,

        /// <summary>The image is encrypted by an algorithm, or for a length of key, that this device does not have.</summary>
        EncryptionUnsupported = 421,

        /// <summary>The image is encrypted for others: this device has none of the keys it names.</summary>
        RecipientMissing = 422,

        /// <summary>The device has a key of a name that the image is encrypted for, and it is another one; or the wrapped key is damaged.</summary>
        ContentKeyInvalid = 423,

        /// <summary>The server cannot be reached, or breaks off before it answers: name, connection, TLS handshake.</summary>
        Unreachable = 500,

        /// <summary>The server did not answer in time.</summary>
        TimedOut = 501,

        /// <summary>The connection ended before the end of the file.</summary>
        ConnectionLost = 502,

        /// <summary>The data comes too slowly.</summary>
        TooSlow = 503,

        /// <summary>The server refuses (400, 401, 403, 409 and other 4xx): is the token still valid?</summary>
        AccessDenied = 504,

        /// <summary>The server has no such file (404, 410).</summary>
        NotFound = 505,

        /// <summary>The server asks to come back later (429, 503).</summary>
        ServerBusy = 506,

        /// <summary>The server failed or answered with an unexpected status.</summary>
        ServerError = 507,

        /// <summary>The server's answer breaks the protocol.</summary>
        BadResponse = 508,

        /// <summary>A redirect to another host or a weaker scheme was refused.</summary>
        RedirectRefused = 509,

        /// <summary>Too many redirects.</summary>
        TooManyRedirects = 510,

        /// <summary>The server answered with another range than asked for.</summary>
        RangeMismatch = 511,

        /// <summary>The file changed while it was fetched.</summary>
        FileChanged = 512,

        /// <summary>The file is shorter or longer than the manifest says.</summary>
        SizeMismatch = 513,

        /// <summary>The file's SHA-256 is not the manifest's.</summary>
        HashMismatch = 514,

        /// <summary>A redirect leads to a URL of more than <see cref="Url.MaxLength"/> characters.</summary>
        RedirectTooLong = 515,

        /// <summary>The patch is damaged, or made for another image than the device runs: the whole file is fetched.</summary>
        PatchMalformed = 516,

        /// <summary>What was copied, patched and fetched in parts is not the manifest's image: the whole file is fetched.</summary>
        RebuildMismatch = 517,

        /// <summary>The flash could not be erased or written.</summary>
        FlashFailed = 600,

        /// <summary>What was read back from the slot is not what was written.</summary>
        ReadBackMismatch = 601,

        /// <summary>The image is not of the kind its component asks for, or is damaged.</summary>
        ImageMalformed = 602,

        /// <summary>The image is for another chip.</summary>
        WrongChip = 603,

        /// <summary>The image's own version is not the manifest's.</summary>
        ImageVersionMismatch = 604,

        /// <summary>An assembly needs native code that the CLR which would run it does not have, or does not bind for a file.</summary>
        NativesMismatch = 605,

        /// <summary>The slots refuse: the running firmware is still on trial.</summary>
        SlotBusy = 606,

        /// <summary>The slot could not be made bootable.</summary>
        ActivationFailed = 607,

        /// <summary>An assembly refers to one that neither the loader has nor the update brings before it.</summary>
        ReferenceMissing = 608,

        /// <summary>The external MCU does not answer.</summary>
        McuSilent = 620,

        /// <summary>The external MCU refuses what it is asked for.</summary>
        McuRefused = 621,

        /// <summary>The external MCU reports another version than the one it was given.</summary>
        McuVersionMismatch = 622,

        /// <summary>There is no former image to go back to.</summary>
        FormerImageMissing = 623,

        /// <summary>The update was rolled back: the self-test failed.</summary>
        SelfTestFailed = 700,

        /// <summary>The update was rolled back: it crashed.</summary>
        TrialCrashed = 701,

        /// <summary>The update was rolled back: it hung and the watchdog reset the device.</summary>
        TrialHung = 702,

        /// <summary>The update was rolled back: it did not reach the cloud.</summary>
        NoCloudContact = 703,

        /// <summary>The update was rolled back: resets that were not its fault interrupted the trial.</summary>
        TrialInterrupted = 704,

        /// <summary>The update was rolled back: it could not be loaded, or has no entry point.</summary>
        NotStarted = 705,

        /// <summary>The library failed in a way it did not foresee.</summary>
        InternalError = 900,

        /// <summary>The update was activated as often as it may be, without a verdict.</summary>
        TooManyAttempts = 901,

        /// <summary>The journal cannot be written.</summary>
        JournalFailed = 902,
    }
}

// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>The rules that an update must pass: those that refuse it, and those that make it wait.</summary>
    internal static class Gates
    {
        private const int PollMilliseconds = 30000;

        // How long a version that did not reach the cloud rests before its next trial.
        private const int ContactRestMilliseconds = 900000;
        private const int SecondsOfDay = 24 * 3600;

        /// <summary>The rules that refuse the manifest in hand.</summary>
        internal static ResultCode Judge(UpdateContext context)
        {
            UpdateAgentOptions options = context.Options;
            UpdateManifest manifest = context.Manifest;
            Journal journal = context.Journal;
            SemanticVersion wanted = context.Offer.Version;
            if (wanted != null && wanted.CompareTo(manifest.Version) != 0)
            {
                return ResultCode.ManifestVersionMismatch;
            }

            context.Version = manifest.Version.Text;
            context.Status.Target = context.Version;
            int order = manifest.Version.CompareTo(context.Current);
            if (order == 0)
            {
                return ResultCode.UpToDate;
            }

            if (manifest.AsksUnknown || (manifest.Target.Length > 0 && manifest.Target != options.Target))
            {
                return ResultCode.WrongTarget;
            }

            if ((options.Provider != null && options.Provider != manifest.Provider)
                || (options.Product != null && options.Product != manifest.Name))
            {
                return ResultCode.WrongProduct;
            }

            if (order < 0 && !manifest.AllowDowngrade)
            {
                return ResultCode.NotNewer;
            }

            // A downgrade needs a counter of its own: otherwise an old manifest that once allowed one could be replayed.
            uint highest = journal[Journal.HighestCounter];
            if (manifest.Counter < highest || (order < 0 && manifest.Counter == highest))
            {
                return ResultCode.CounterTooLow;
            }

            ResultCode code = HasExpired(manifest, context.Time()) ? ResultCode.Expired : JudgeHistory(context, journal);

            for (int i = 0; i < manifest.Components.Length && code == ResultCode.None; i++)
            {
                code = JudgeComponent(context, manifest.Components[i]);
            }

            return code;
        }

        /// <summary>The rules that make the update in hand wait: done when it may start.</summary>
        internal static long MayStart(UpdateContext context, long now)
        {
            UpdateOffer offer = context.Offer;
            long time = context.Time();
            long notBefore = offer.After > context.Manifest.NotBefore ? offer.After : context.Manifest.NotBefore;
            bool hasWindow = offer.WindowStart != offer.WindowEnd && !offer.Manual;
            if (time == 0 && (notBefore > 0 || hasWindow || context.Manifest.Expires > 0))
            {
                return StepResult.WaitFor(ResultCode.ClockUnknown, now + PollMilliseconds);
            }

            if (HasExpired(context.Manifest, time))
            {
                return StepResult.Over(ResultCode.Expired);
            }

            if (time < notBefore)
            {
                return StepResult.WaitFor(ResultCode.NotYet, now + (notBefore - time) * 1000);
            }

            int closed = hasWindow ? SecondsToWindow(offer, (int)(time % SecondsOfDay)) : 0;
            if (closed > 0)
            {
                return StepResult.WaitFor(ResultCode.OutsideWindow, now + closed * 1000L);
            }

            // After a trial that did not reach the cloud: what kept it from that may take a while to pass. Counted from the boot, or from the
            // result where the clock was set both times: a device that is switched off every quarter of an hour would rest for ever.
            Journal journal = context.Journal;
            long rest = journal.IsAbout(context.Digest) ? journal[Journal.ContactFailures] * ContactRestMilliseconds : 0;
            long last = journal[Journal.LastTime];
            if (now < rest && (last == 0 || time < last + rest / 1000))
            {
                return StepResult.WaitFor(ResultCode.NoCloudContact, now + PollMilliseconds);
            }

            ResultCode code = AsksToWait(context, time);
            return code == ResultCode.None ? StepResult.Done : StepResult.WaitFor(code, now + PollMilliseconds);
        }

        internal static bool IsHostAllowed(UpdateAgentOptions options, string url)
        {
            string[] hosts = options.AllowedHosts;
            if (hosts == null)
            {
                return true;
            }

            bool isHttps = Url.IsHttps(url);
            string host = Url.HostOf(url);
            for (int i = 0; i < hosts.Length; i++)
            {
                if (Url.WithoutDefaultPort(hosts[i].ToLower(), isHttps) == host)
                {
                    return true;
                }
            }

            return false;
        }

        private static ResultCode AsksToWait(UpdateContext context, long time)
        {
            UpdateAgentOptions options = context.Options;
            UpdateOffer offer = context.Offer;
            if (!offer.Manual && Crc.Of(options.DeviceId + context.Version) % 100 >= (uint)offer.Percentage)
            {
                return ResultCode.PercentageNotReached;
            }

            Journal journal = context.Journal;
            if (!offer.Manual && time > 0 && journal[Journal.LastCode] == (uint)ResultCode.Applied
                && time < journal[Journal.LastTime] + options.MinimumIntervalSeconds)
            {
                return ResultCode.TooSoon;
            }

            if (options.IsBusy != null && options.IsBusy())
            {
                return ResultCode.Busy;
            }

            return options.HasPower != null && !options.HasPower() ? ResultCode.BatteryLow : ResultCode.None;
        }

        // Seconds until the window opens; 0 within it. It may reach past midnight.
        private static int SecondsToWindow(UpdateOffer offer, int second)
        {
            int start = offer.WindowStart * 60;
            int since = (second - start + SecondsOfDay) % SecondsOfDay;
            int length = (offer.WindowEnd * 60 - start + SecondsOfDay) % SecondsOfDay;
            return since < length ? 0 : SecondsOfDay - since;
        }

        private static bool HasExpired(UpdateManifest manifest, long time)
        {
            return manifest.Expires > 0 && time >= manifest.Expires;
        }

        private static ResultCode JudgeHistory(UpdateContext context, Journal journal)
        {
            uint retry = Crc.Of(context.Offer.Retry);
            if (journal.IsKnownBad(context.Digest, retry))
            {
                return ResultCode.KnownBad;
            }

            if (!journal.IsAbout(context.Digest) || journal[Journal.Retry] != retry)
            {
                return ResultCode.None;
            }

            // That this offer was heard means that the version before does reach the cloud.
            if (journal[Journal.ContactFailures] >= Journal.MaxContactFailures)
            {
                return ResultCode.KnownBad;
            }

            return journal[Journal.Activations] >= Journal.MaxActivations ? ResultCode.TooManyAttempts : ResultCode.None;
        }

        private static ResultCode JudgeComponent(UpdateContext context, ManifestComponent component)
        {
            UpdateModule module = context.ModuleFor(component.Id);
            if (module == null)
            {
                return ResultCode.ComponentUnknown;
            }

            ResultCode code = context.BeginDecryption(component);
            if (code != ResultCode.None)
            {
                return code;
            }

            for (int i = 0; i < component.Urls.Length; i++)
            {
                string url = component.Urls[i];
                if (!Url.IsAbsolute(url) && context.BaseUrl == null)
                {
                    return ResultCode.UrlMissing;
                }

                url = context.UrlOf(url);
                if (!Url.IsAbsolute(url))
                {
                    return url.Length > Url.MaxLength ? ResultCode.UrlTooLong : ResultCode.UrlMalformed;
                }

                if (!IsHostAllowed(context.Options, url))
                {
                    return ResultCode.HostNotAllowed;
                }
            }

            for (int i = 0; i < component.RequiredIds.Length; i++)
            {
                if (!IsMet(context, component.RequiredIds[i], component.RequiredVersions[i]))
                {
                    return ResultCode.RequirementUnmet;
                }
            }

            return module.Check(component);
        }

        private static bool IsMet(UpdateContext context, string id, SemanticVersion least)
        {
            ManifestComponent sibling = context.Manifest.Find(id);
            if (sibling != null)
            {
                return sibling.Version.CompareTo(least) >= 0;
            }

            UpdateModule module = context.ModuleFor(id);
            SemanticVersion installed = module == null ? null : SemanticVersion.Parse(module.VersionOf(id));
            return installed != null && installed.CompareTo(least) >= 0;
        }
    }
}

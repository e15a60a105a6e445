using nanoOta.VirtualDevice;

namespace nanoOta.Hub
{
    /// <summary>Says in sentences what changed from one look at a device to the next.</summary>
    internal static class FleetNews
    {
        private const int FirstFailure = 100;

        public static IEnumerable<FleetEvent> Of(FleetRow? before, FleetRow now, DateTime time)
        {
            if (before == null)
            {
                yield return Event(now.Current == null ? "Seen for the first time." : $"Seen for the first time; runs {now.Current}.", "");
            }
            else if (before.Current != now.Current && now.Current != null)
            {
                yield return Event(before.Current == null ? $"Runs {now.Current}." : $"Runs {now.Current} instead of {before.Current}.", "");
            }

            if (before?.Wanted != now.Wanted)
            {
                yield return Event(now.Wanted == null ? "The update request was withdrawn." : $"{now.Wanted} was requested.", "");
            }

            if (!string.IsNullOrEmpty(now.State) && (before?.State != now.State || before.Waiting != now.Waiting) && (before != null || now.State != "idle"))
            {
                string target = now.Target == null || now.State == "idle" ? "" : $", to {now.Target}";
                string waiting = now.Waiting is { } code ? $": {ResultText.Sentence((ResultCode)code)}" : ".";
                yield return Event($"{char.ToUpperInvariant(now.State[0])}{now.State[1..]}{target}{waiting}", now.State == "idle" ? "" : "busy");
            }

            if (now.Code is { } result && (before?.Code != result || before.LastVersion != now.LastVersion || before.LastTime != now.LastTime))
            {
                string reason = now.Reason == null ? "" : $" The self-test said: {now.Reason}.";
                yield return Event($"{now.LastVersion}: {ResultText.Name((ResultCode)result)} ({result}). {ResultText.Sentence((ResultCode)result)}{reason}".TrimStart(':', ' '), result >= FirstFailure ? "bad" : "good");
            }

            FleetEvent Event(string text, string kind) => new(now.Id, time, text, kind);
        }
    }
}

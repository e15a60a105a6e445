using System.Text;

namespace nanoOta.Tests.Agent
{
    /// <summary>What happens to a device in its life.</summary>
    internal enum LifeEvent
    {
        HubAway,
        HubDrops,
        HubSlow,
        HubBusy,
        Withdraw,
        Replace,
        Restore,
        Cancel,
        CheckNow,
        OpensFail,
        OpensTime,
        ReadsFail,
        ReadsStall,
        ReadsSlow,
        ReadsShort,
        NoRanges,
        WrongBytes,
        Busy,
        NoPower,
        ClockUnknown,
        OtherWindow,
        RebootDelayed,
        SelfTestRuns,
        SelfTestFails,
        PowerCut,
    }

    /// <summary>One event: when, what, for how long, and a number that depends on what.</summary>
    internal readonly record struct Happening(long At, LifeEvent Event, long Length, int Number);

    /// <summary>Everything that decides how a life goes.</summary>
    internal sealed record LifePlan(
        bool AllowsTwo, bool ManifestIsFetched, bool RebootsToSwitch, int Size, int BytesPerSecond, int PollMilliseconds, int LongestRetrySeconds, Happening[] Happenings)
    {
        /// <summary>All trouble begins before this.</summary>
        private const int TroubleMilliseconds = 3_600_000;

        /// <summary>When all trouble is over.</summary>
        public long Calm => Happenings.Length == 0 ? 60_000 : Happenings.Max(h => h.At + h.Length) + 1;

        /// <summary>A random plan. The same seed makes the same one.</summary>
        public static LifePlan Random(int seed)
        {
            var random = new Random(seed);
            var happenings = new Happening[random.Next(16)];
            int rate = 500 * (1 << random.Next(8));
            for (int i = 0; i < happenings.Length; i++)
            {
                // Most of it where it hurts: while the first download is under way.
                int at = random.Next(2) == 0 ? random.Next(240_000) : random.Next(TroubleMilliseconds);
                int length = random.Next(3) switch { 0 => random.Next(30_000), 1 => random.Next(300_000), _ => random.Next(1_500_000) };
                happenings[i] = new Happening(at, (LifeEvent)random.Next((int)LifeEvent.PowerCut + 1), length, random.Next(1000));
            }

            return new LifePlan(
                random.Next(6) == 0,
                random.Next(2) == 0,
                random.Next(2) == 0,
                1 + random.Next(150_000),
                rate,
                random.Next(3) switch { 0 => 1000, 1 => 10_000, _ => 60_000 },
                random.Next(2) == 0 ? 600 : 3600,
                [.. happenings.OrderBy(h => h.At)]);
        }

        /// <summary>The smallest plan found that fails as well.</summary>
        public LifePlan Shrink(Func<LifePlan, bool> fails)
        {
            LifePlan plan = this;
            for (int i = plan.Happenings.Length - 1; i >= 0; i--)
            {
                plan = Try(plan with { Happenings = [.. plan.Happenings[..i], .. plan.Happenings[(i + 1)..]] });
            }

            plan = Try(plan with { AllowsTwo = false });
            plan = Try(plan with { ManifestIsFetched = true });
            plan = Try(plan with { RebootsToSwitch = false });
            plan = Try(plan with { PollMilliseconds = 1000 });
            return Try(plan with { LongestRetrySeconds = 600 });

            LifePlan Try(LifePlan smaller) => fails(smaller) ? smaller : plan;
        }

        public override string ToString()
        {
            var text = new StringBuilder();
            text.Append($"{Size} bytes at {BytesPerSecond} B/s, the channel polls every {PollMilliseconds} ms, the longest retry {LongestRetrySeconds} s");
            text.Append(AllowsTwo ? ", two sessions" : ", one session").Append(ManifestIsFetched ? "" : ", the channel brings the manifest");
            text.Append(RebootsToSwitch ? ", reboots\n" : "\n");
            foreach (Happening h in Happenings)
            {
                text.Append($"  {h.At / 1000.0:F1} s: {h.Event} for {h.Length / 1000.0:F1} s ({h.Number})\n");
            }

            return text.ToString();
        }
    }
}

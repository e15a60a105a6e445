using System.Text;

namespace nanoOta.Tests.Download
{
    /// <summary>What goes wrong with one request.</summary>
    internal enum FaultKind
    {
        /// <summary>Nothing: the honest server answers.</summary>
        None,

        NoConnection,
        NoAnswer,
        ResetBeforeHead,
        CutHead,
        Garbage,
        LongLine,
        ManyHeaders,
        LengthTwice,
        LengthNoNumber,
        NoFraming,
        Status,
        StatusWithRetryAfter,
        EmptyBody,
        LoginPage,
        LoginPageInChunks,
        Truncated,
        TruncatedSilence,
        TruncatedReset,
        TruncatedInChunks,
        TooLong,
        TooLongWithoutLength,
        OtherFile,
        OtherFileTruncated,
        OtherManifest,
        Trickle,
        RangeIgnored,
        RangeRefused,
        WrongStart,
        NoContentRange,
        OtherUnit,
        WrongTotal,
        Capped,
        Redirect,
        TooManyRedirects,
        RedirectToOtherHost,
        RedirectToHttp,
        RedirectNowhere,
        RedirectTooLong,
    }

    /// <summary>Who hears of the update, and so who fetches the manifest.</summary>
    internal enum Way
    {
        /// <summary>The channel names a container; the agent fetches the manifest.</summary>
        Container,

        /// <summary>The channel brings the manifest.</summary>
        Inline,

        /// <summary>An HttpChannel polls the manifest.</summary>
        Polled,
    }

    /// <summary>How the honest server ties answers to a content.</summary>
    internal enum Validator
    {
        None,
        Strong,
        Weak,
        OtherEachTime,
        WeakThenStrong,
        LastModified,
        LastModifiedIsNow,
    }

    /// <summary>What the honest server does with a range.</summary>
    internal enum Ranges
    {
        Served,
        ServedInCapitals,
        Ignored,
        Refused,
        Capped,
    }

    /// <summary>How the honest server tells where a body ends.</summary>
    internal enum Framing
    {
        Length,
        Chunks,
        Http10,
        ConnectionClose,
    }

    /// <summary>One fault; what the numbers mean depends on the kind.</summary>
    internal readonly record struct Fault(FaultKind Kind, int A = 0, int B = 0);

    /// <summary>Everything that decides how a run goes: the honest server's nature, the device's options, and the faults before it is honest.</summary>
    internal sealed record FaultPlan(
        Way Way, Validator Validator, Ranges Ranges, int RangeNumber, Framing Framing, int Size, int Segment, bool SavesEachBlock, Fault[] Faults)
    {
        private static readonly int[] _statuses =
            [201, 204, 300, 304, 305, 400, 401, 402, 403, 404, 405, 406, 408, 409, 410, 411, 412, 416, 418, 421, 425, 429, 451, 500, 501, 502, 503, 504, 505, 511, 520, 599, 600, 999];

        private static readonly int[] _refusals = [400, 403, 404, 405, 416, 501];

        /// <summary>The smallest answer to a range that the honest server gives: so that eight of them make a block.</summary>
        private const int LeastCap = 1024;

        /// <summary>A random plan. The same seed makes the same one.</summary>
        public static FaultPlan Random(int seed)
        {
            var random = new Random(seed);
            var ranges = (Ranges)random.Next(5);
            var faults = new Fault[1 + (random.Next(4) == 0 ? random.Next(24) : random.Next(6))];
            for (int i = 0; i < faults.Length; i++)
            {
                faults[i] = RandomFault(random);
            }

            return new FaultPlan(
                (Way)random.Next(3),
                (Validator)random.Next(7),
                ranges,
                ranges == Ranges.Refused ? _refusals[random.Next(_refusals.Length)] : LeastCap + random.Next(6000),
                (Framing)random.Next(4),
                1 + random.Next(14000),
                random.Next(3) == 0 ? 1 + random.Next(600) : 4096,
                random.Next(2) == 0,
                faults);
        }

        /// <summary>The smallest plan found that fails as well.</summary>
        public FaultPlan Shrink(Func<FaultPlan, bool> fails)
        {
            FaultPlan plan = this;
            for (int i = plan.Faults.Length - 1; i >= 0; i--)
            {
                plan = Try(plan with { Faults = [.. plan.Faults[..i], .. plan.Faults[(i + 1)..]] });
            }

            plan = Try(plan with { Way = Way.Container });
            plan = Try(plan with { Validator = Validator.Strong });
            plan = Try(plan with { Ranges = Ranges.Served });
            plan = Try(plan with { Framing = Framing.Length });
            plan = Try(plan with { Segment = 4096 });
            plan = Try(plan with { SavesEachBlock = false });
            return Try(plan with { Size = 9000 });

            FaultPlan Try(FaultPlan smaller) => fails(smaller) ? smaller : plan;
        }

        public override string ToString()
        {
            var text = new StringBuilder();
            text.Append($"{Way}, {Size} bytes, validator {Validator}, ranges {Ranges} ({RangeNumber}), framing {Framing}, segments of {Segment}");
            text.Append(SavesEachBlock ? ", a checkpoint each block\n" : "\n");
            foreach (Fault fault in Faults)
            {
                text.Append($"  {fault.Kind} {fault.A} {fault.B}\n");
            }

            return text.ToString();
        }

        private static Fault RandomFault(Random random)
        {
            var kind = (FaultKind)random.Next((int)FaultKind.RedirectTooLong + 1);
            int any = random.Next(3) == 0 ? random.Next(300) : random.Next(14000);
            return kind switch
            {
                FaultKind.Status => new Fault(kind, _statuses[random.Next(_statuses.Length)], random.Next(2)),
                FaultKind.StatusWithRetryAfter => new Fault(kind, random.Next(2) == 0 ? 429 : 503, random.Next(4) switch { 0 => random.Next(60), 1 => random.Next(100_000), 2 => -1, _ => 3600 }),
                FaultKind.RangeRefused => new Fault(kind, _refusals[random.Next(_refusals.Length)]),
                FaultKind.Redirect => new Fault(kind, 1 + random.Next(8), random.Next(6)),
                FaultKind.TooManyRedirects => new Fault(kind, random.Next(2) == 0 ? 9 + random.Next(3) : 1_000_000, random.Next(6)),
                _ => new Fault(kind, any, random.Next(14000)),
            };
        }
    }
}

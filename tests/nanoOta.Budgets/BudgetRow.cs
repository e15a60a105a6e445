namespace nanoOta.Budgets
{
    /// <summary>How a measured value stands to its budget.</summary>
    internal enum Verdict
    {
        /// <summary>Within the budget.</summary>
        Held,

        /// <summary>Over the budget, but not over the limit that is checked: known, and kept from growing.</summary>
        Over,

        /// <summary>Over the limit that is checked.</summary>
        Broken,

        /// <summary>What it would be measured on does not exist.</summary>
        NotMeasured,

        /// <summary>The design says nothing of it.</summary>
        NoBudget,
    }

    /// <summary>One budget of the design, and what was measured.</summary>
    /// <param name="Key">Its short name, for machines.</param>
    /// <param name="What">What is limited.</param>
    /// <param name="Unit">Of measured value, budget and limit.</param>
    /// <param name="Budget">The most the design allows; null: it says nothing.</param>
    /// <param name="How">How it was measured, or why it was not.</param>
    internal sealed record BudgetRow(string Key, string What, string Unit, double? Budget, string How)
    {
        /// <summary>The measured value; null: not measured.</summary>
        public double? Measured { get; init; }

        /// <summary>What the measured IL instructions cost the interpreter, in ARM instructions; null: they are none.</summary>
        public double? Cost { get; init; }

        /// <summary>The limit that is checked where it is not the budget itself.</summary>
        public double? Limit { get; init; }

        /// <summary>How the two compare.</summary>
        public Verdict Verdict => Measured is not { } value ? Verdict.NotMeasured
            : Budget == null ? Verdict.NoBudget
            : value > (Limit ?? Budget) ? Verdict.Broken
            : value > Budget ? Verdict.Over : Verdict.Held;

        /// <summary>The verdict in words.</summary>
        public string VerdictText => Verdict switch
        {
            Verdict.Held => "held",
            Verdict.Over => $"over by {Number(Measured!.Value - Budget!.Value)}",
            Verdict.Broken when Limit is { } limit => $"BROKEN: over the ceiling of {Number(limit)}",
            Verdict.Broken => $"BROKEN: over by {Number(Measured!.Value - Budget!.Value)}",
            Verdict.NoBudget => "no budget",
            _ => "not measured",
        };

        /// <summary>The measured value in words.</summary>
        public string MeasuredText => Measured is { } value ? Number(value) : "-";

        /// <summary>The cost in words.</summary>
        public string CostText => Cost is { } value ? Number(value < 1000 ? value : Math.Round(value)) : "-";

        /// <summary>The budget in words.</summary>
        public string BudgetText => Budget is { } value ? Number(value) : "-";

        private static string Number(double value)
        {
            return value.ToString(value == Math.Floor(value) ? "0" : "0.00");
        }
    }
}

namespace nanoOta.Budgets.Flow
{
    /// <summary>Writes that wear the few sectors of the state: slot records, otadata entries and journal records.</summary>
    internal static class StateWritesMeter
    {
        private const int Size = 256 * 1024;
        private const int Budget = 7;

        /// <summary>Counts those of an update from update request to confirmation.</summary>
        public static BudgetRow Measure()
        {
            return new BudgetRow("state-writes", "state writes for an uninterrupted deployment, checkpoints aside", "writes", Budget,
                "virtual device, from update request to confirmation, 256 KiB, no checkpoints")
            {
                Measured = Count(Size),
            };
        }

        /// <summary>State writes of a whole update with checkpoints so many bytes apart.</summary>
        public static int Count(int interval)
        {
            return new Scene(Size) { CheckpointInterval = interval }.RunTo(ResultCode.Applied).Device!.StateWrites;
        }

        /// <summary>With checkpoints every 64 KiB there are three more, at 64, 128 and 192 KiB: the end is none.</summary>
        public static string? SelfCheck()
        {
            int more = Count(Size / 4) - Count(Size);
            return more == 3 ? null : $"three checkpoints count as {more}";
        }
    }
}

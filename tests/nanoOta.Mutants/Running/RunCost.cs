namespace nanoOta.Mutants.Running
{
    /// <summary>What a process takes, or may take.</summary>
    /// <param name="Processor">Seconds of processor time: the same whatever else the machine does.</param>
    /// <param name="Seconds">Seconds on the clock.</param>
    internal readonly record struct RunCost(double Processor, double Seconds)
    {
        /// <summary>No limit.</summary>
        public static RunCost Unlimited => new(double.PositiveInfinity, double.PositiveInfinity);

        /// <summary>Whether either is more than a limit's.</summary>
        public bool Exceeds(RunCost limit)
        {
            return Processor > limit.Processor || Seconds > limit.Seconds;
        }
    }
}

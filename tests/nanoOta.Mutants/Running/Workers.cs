namespace nanoOta.Mutants.Running
{
    /// <summary>Several threads that share a list of work.</summary>
    internal static class Workers
    {
        /// <summary>Does each piece of work once. The first exception ends all of it.</summary>
        /// <param name="jobs">The number of threads.</param>
        /// <param name="count">The number of pieces.</param>
        /// <param name="start">Prepares a worker, given its number: returns what does one piece.</param>
        public static void Run(int jobs, int count, Func<int, Action<int>> start)
        {
            int next = -1;
            Exception? failure = null;
            Thread[] threads = [.. Enumerable.Range(0, Math.Min(jobs, count)).Select(worker => new Thread(() =>
            {
                try
                {
                    Action<int> work = start(worker);
                    for (int i = Interlocked.Increment(ref next); i < count && Volatile.Read(ref failure) == null; i = Interlocked.Increment(ref next))
                    {
                        work(i);
                    }
                }
                catch (Exception e)
                {
                    Interlocked.CompareExchange(ref failure, e, null);
                }
            }))];
            Array.ForEach(threads, thread => thread.Start());
            Array.ForEach(threads, thread => thread.Join());
            if (failure != null)
            {
                throw failure is CampaignException ? failure : new InvalidOperationException(failure.Message, failure);
            }
        }
    }
}

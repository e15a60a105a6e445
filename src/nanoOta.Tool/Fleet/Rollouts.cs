namespace nanoOta.Tool.Fleet
{
    /// <summary>The rollouts of a hub: reading them, and writing the next step of one.</summary>
    internal sealed class Rollouts(HubClient hub)
    {
        private const int MostTries = 5;

        /// <summary>Every rollout, the latest configuration of each group first, and those that cannot be read.</summary>
        public async Task<(IReadOnlyList<(Rollout Rollout, DeviceConfiguration Configuration)> Read, IReadOnlyList<DamagedRollout> Damaged)> ListAsync(CancellationToken stop)
        {
            List<(Rollout Rollout, DeviceConfiguration Configuration)> read = [];
            List<DamagedRollout> damaged = [];
            foreach (DeviceConfiguration configuration in await hub.ConfigurationsAsync(stop).ConfigureAwait(false))
            {
                try
                {
                    if (RolloutLabels.Read(configuration) is { } rollout)
                    {
                        read.Add((rollout, configuration));
                    }
                }
                catch (Failure failure)
                {
                    damaged.Add(new DamagedRollout(configuration, failure));
                }
            }

            return ([.. read.OrderByDescending(pair => pair.Rollout.Number)], damaged);
        }

        /// <summary>The rollout of a group, and every configuration that there is of it.</summary>
        /// <returns>Null: there is none.</returns>
        /// <exception cref="Failure">There is one that cannot be read.</exception>
        public async Task<(Rollout? Latest, IReadOnlyList<(Rollout Rollout, DeviceConfiguration Configuration)> All)> OfAsync(DeviceGroup group, CancellationToken stop)
        {
            (IReadOnlyList<(Rollout Rollout, DeviceConfiguration)> all, IReadOnlyList<DamagedRollout> damaged) = await ListAsync(stop).ConfigureAwait(false);
            if (damaged.FirstOrDefault(one => one.Concerns(group.Product, group.Group)) is { } bad)
            {
                throw bad.Failure;
            }

            (Rollout Rollout, DeviceConfiguration)[] mine = [.. all.Where(pair => pair.Rollout.Group == group)];
            return (mine.Length == 0 ? null : mine[0].Rollout, mine);
        }

        /// <summary>The rollout of a group.</summary>
        /// <exception cref="Failure">There is none.</exception>
        public async Task<(Rollout Rollout, string? Token)> RequireAsync(DeviceGroup group, CancellationToken stop)
        {
            (Rollout? latest, IReadOnlyList<(Rollout Rollout, DeviceConfiguration Configuration)> all) = await OfAsync(group, stop).ConfigureAwait(false);
            return latest != null ? (latest, JsonMember.Text(all[0].Configuration.Content, "properties.desired.updateToken"))
                : throw new Failure(ExitCode.NoTarget, $"there is no rollout to {group} at {hub.Name}: nanoota deploy FILE VERSION {group.Product} {group.Group}");
        }

        /// <summary>Marks a version as one that proved good. When somebody changes the rollout meanwhile, the mark is left out.</summary>
        public async Task MarkGoodAsync(Rollout rollout, DeviceConfiguration? configuration, CancellationToken stop)
        {
            if (configuration != null && !rollout.IsGood)
            {
                await hub.UpdateAsync(configuration with { Labels = new Dictionary<string, string>(configuration.Labels) { [Rollout.GoodLabel] = "yes" } }, stop).ConfigureAwait(false);
            }
        }

        /// <summary>
        /// Writes a rollout's next step: a new configuration above all that the group has, and then those go. When it breaks off in
        /// between, the new one counts, and the next step removes what was left.
        /// </summary>
        /// <param name="next">The rollout; number and priority are set here.</param>
        /// <param name="token">The query that devices read the container with; null: none.</param>
        /// <param name="priority">The lowest priority that will do.</param>
        /// <param name="expected">The number of the step that this one follows; 0: there is none; null: whichever is there.</param>
        /// <param name="stop">Ends it, before or after.</param>
        /// <returns>The rollout as it was written.</returns>
        /// <exception cref="Failure">Somebody else has written meanwhile, or the hub refuses.</exception>
        public async Task<Rollout> WriteAsync(Rollout next, string? token, int priority, int? expected, CancellationToken stop)
        {
            for (int tries = 1; ; tries++)
            {
                (Rollout? latest, IReadOnlyList<(Rollout Rollout, DeviceConfiguration Configuration)> all) = await OfAsync(next.Group, stop).ConfigureAwait(false);
                if (expected != null && (latest?.Number ?? 0) != expected)
                {
                    throw new Failure(ExitCode.Conflict, $"somebody else has changed the rollout to {next.Group} meanwhile. Look at it: nanoota status {next.Group.Product} {next.Group.Group}");
                }

                Rollout written = next with
                {
                    NeedsToken = token != null || (next.NeedsToken && next.State != RolloutState.Active),
                    Number = (latest?.Number ?? 0) + tries,
                    Priority = Math.Max(priority, all.Count == 0 ? priority : all.Max(pair => pair.Rollout.Priority) + 1),
                };
                if (await hub.CreateAsync(written.ToConfiguration(token), stop).ConfigureAwait(false))
                {
                    await RemoveAsync([.. all.Select(pair => pair.Configuration.Id)], stop).ConfigureAwait(false);
                    return written;
                }

                if (tries >= MostTries)
                {
                    throw new Failure(ExitCode.Conflict, $"{hub.Name} holds other configurations named {next.Group.IdStem}…: two groups whose names differ by upper case alone? Rename a group.");
                }
            }
        }

        // The step is done already: an operator who ran the command again would go one step further.
        private async Task RemoveAsync(string[] old, CancellationToken stop)
        {
            try
            {
                foreach (string id in old)
                {
                    await hub.DeleteConfigurationAsync(id, stop).ConfigureAwait(false);
                }
            }
            catch (Exception e) when (e is OperationCanceledException || (e is Failure failure && Breaks.Pass(failure)))
            {
                // What is left has the lower priority, and the next step removes it.
            }
        }
    }
}

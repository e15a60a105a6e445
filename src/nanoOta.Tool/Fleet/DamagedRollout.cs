namespace nanoOta.Tool.Fleet
{
    /// <summary>A configuration of the tool's that somebody has changed, so that it cannot be read.</summary>
    /// <param name="Configuration">The configuration.</param>
    /// <param name="Failure">What is wrong with it.</param>
    internal sealed record DamagedRollout(DeviceConfiguration Configuration, Failure Failure)
    {
        /// <summary>Whether it may be a rollout to a group: by its id or by its labels, whichever was not changed.</summary>
        /// <param name="product">The product; null: any.</param>
        /// <param name="group">The group; null: any of the product.</param>
        public bool Concerns(string? product, string? group)
        {
            return product == null || IsLabelled(product, group)
                || (group == null ? Configuration.Id.StartsWith($"{DeviceGroup.AllStem}{product}-".ToLowerInvariant().Replace('.', '_'), StringComparison.Ordinal) : IsNamed(new DeviceGroup(product, group).IdStem));
        }

        private bool IsLabelled(string product, string? group)
        {
            return Configuration.Labels.GetValueOrDefault("product") == product && (group == null || Configuration.Labels.GetValueOrDefault("group") == group);
        }

        private bool IsNamed(string stem) => Configuration.Id.StartsWith(stem, StringComparison.Ordinal) && Configuration.Id[stem.Length..].All(char.IsAsciiDigit);
    }
}

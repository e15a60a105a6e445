namespace nanoOta.Tool.Fleet
{
    /// <summary>The devices of a product and a group, by the tags in their twins.</summary>
    /// <param name="Product">The tag "product".</param>
    /// <param name="Group">The tag "group".</param>
    internal sealed record DeviceGroup(string Product, string Group)
    {
        /// <summary>The names of the tags.</summary>
        public const string ProductTag = "product", GroupTag = "group";

        private const int MaxLength = 40;

        /// <summary>The condition, for queries and configurations.</summary>
        public string Condition => $"tags.{ProductTag} = '{Product}' AND tags.{GroupTag} = '{Group}'";

        /// <summary>What a configuration's id begins with. Ids have no upper case.</summary>
        public string IdStem => $"nanoota-{Product}-{Group}-".ToLowerInvariant().Replace('.', '_');

        /// <summary>Makes one of what the user typed.</summary>
        /// <exception cref="Failure">It would not fit a query or an id.</exception>
        public static DeviceGroup Of(string product, string group)
        {
            foreach (string text in new[] { product, group })
            {
                if (text.Length is 0 or > MaxLength || !text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
                {
                    throw new Failure(ExitCode.Usage, $"'{text}' is no product or group: at most {MaxLength} letters, digits, '-', '_' and '.'.");
                }
            }

            return new DeviceGroup(product, group);
        }

        /// <inheritdoc/>
        public override string ToString() => $"{Product} / {Group}";
    }
}

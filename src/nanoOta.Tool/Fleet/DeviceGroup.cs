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

        /// <summary>What the ids of all configurations of the tool begin with.</summary>
        public const string AllStem = "nanoota-";

        /// <summary>The condition, for queries and configurations.</summary>
        public string Condition => $"tags.{ProductTag} = '{Product}' AND tags.{GroupTag} = '{Group}'";

        /// <summary>What a configuration's id begins with. Ids have no upper case.</summary>
        public string IdStem => $"{AllStem}{Product}-{Group}-".ToLowerInvariant().Replace('.', '_');

        /// <summary>Makes one of what the user typed.</summary>
        /// <exception cref="Failure">It would not fit a query or an id.</exception>
        public static DeviceGroup Of(string product, string group)
        {
            foreach (string text in new[] { product, group })
            {
                if (!IsName(text))
                {
                    throw new Failure(ExitCode.Usage, $"'{text}' is no product or group: at most {MaxLength} letters, digits, '-', '_' and '.'.");
                }
            }

            return new DeviceGroup(product, group);
        }

        /// <summary>Whether a text can be a product or a group: it fits a query and an id.</summary>
        public static bool IsName(string text) => text.Length is > 0 and <= MaxLength && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

        /// <inheritdoc/>
        public override string ToString() => $"{Product} / {Group}";
    }
}

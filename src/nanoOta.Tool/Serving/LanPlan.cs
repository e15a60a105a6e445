using System.Globalization;
using System.Text.Json.Nodes;
using nanoOta.Tool.Fleet;

namespace nanoOta.Tool.Serving
{
    /// <summary>How the request of a folder widens by itself: the member "watch" of offer.json, which devices pass over.</summary>
    /// <param name="Steps">The percentages that it goes through.</param>
    /// <param name="PauseAt">Pauses when so many failed, "2" devices or "2%" of those that decided; null: never for their number.</param>
    /// <param name="Minutes">How many minutes a step lasts at the least: devices that have not asked yet are not known.</param>
    /// <param name="Since">When the step began.</param>
    internal sealed record LanPlan(IReadOnlyList<int> Steps, string? PauseAt, double Minutes, DateTimeOffset Since)
    {
        /// <summary>The least minutes when nothing else is said.</summary>
        public const double DefaultMinutes = 60;

        /// <summary>The most that can be said.</summary>
        public const double MostMinutes = 100_000;

        /// <summary>Reads it; null: it is none.</summary>
        public static LanPlan? Read(JsonNode? node)
        {
            try
            {
                return node is not JsonObject json ? null : new LanPlan(
                    RolloutLabels.Steps((string)json["plan"]!) ?? throw new FormatException(),
                    (string?)json["pauseAt"] is not { } limit ? null : FailureLimit.Is(limit) ? limit : throw new FormatException(),
                    (double?)json["minutes"] is not { } minutes ? DefaultMinutes : minutes is >= 0 and <= MostMinutes ? minutes : throw new FormatException(),
                    DateTimeOffset.Parse((string)json["since"]!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal));
            }
            catch (Exception e) when (e is FormatException or InvalidOperationException or NullReferenceException or ArgumentNullException or OverflowException)
            {
                throw new Failure(ExitCode.Usage, $"{LanOffer.FileName}: \"watch\" is not as the tool writes it. Begin again with: nanoota rollout DIR --canary N");
            }
        }

        /// <summary>As it stands in the file.</summary>
        public JsonObject ToJson()
        {
            return new JsonObject { ["plan"] = string.Join('-', Steps), ["pauseAt"] = PauseAt, ["minutes"] = Minutes, ["since"] = Since.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) };
        }
    }
}

namespace nanoOta.Mutants.Running
{
    /// <summary>The campaign cannot be run; the message says why and what to do.</summary>
    internal sealed class CampaignException(string message) : Exception(message);
}

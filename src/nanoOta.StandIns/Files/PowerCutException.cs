namespace nanoOta.StandIns
{
    /// <summary>
    /// The virtual device has no power: nothing after this point reached its storage. Device code may catch it as it
    /// catches everything, but every further access throws again until the power is back.
    /// </summary>
    public sealed class PowerCutException() : Exception("The virtual device has no power.");
}

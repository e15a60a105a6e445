namespace nanoOta.Hub.Tests
{
    /// <summary>Tests of many devices at a time run one after the other: together they would wait for each other on a small machine.</summary>
    internal static class FleetTests
    {
        public const string OneByOne = "fleets";
    }
}

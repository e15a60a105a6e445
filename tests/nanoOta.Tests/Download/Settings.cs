namespace nanoOta.Tests.Download
{
    /// <summary>What the environment says of how much a property test is to try.</summary>
    internal static class Settings
    {
        public static int Number(string variable, int otherwise)
        {
            return int.TryParse(System.Environment.GetEnvironmentVariable(variable), out int number) ? number : otherwise;
        }
    }
}

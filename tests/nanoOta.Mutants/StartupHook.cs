using nanoOta.Mutants.Coverage;

/// <summary>What .NET runs first in the tests' process while coverage is learnt (DOTNET_STARTUP_HOOKS): it makes <see cref="BlockHits"/> known there.</summary>
internal static class StartupHook
{
    public static void Initialize()
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) => BlockHits.Save();
    }
}

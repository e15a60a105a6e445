using nanoFramework.Azure.Devices.Client;

namespace nanoOta.StandIns
{
    /// <summary>Under which name a direct method is called.</summary>
    internal static class MethodName
    {
        // What the compiler makes of a local function in a file of top-level statements: <<Main>$>g__Name|0_0.
        private const string LocalFunction = "<<Main>$>g__";

        internal static string Of(MethodCallback callback)
        {
            string name = callback.Method.Name;
            return name.StartsWith(LocalFunction, StringComparison.Ordinal) ? name[LocalFunction.Length..name.IndexOf('|', StringComparison.Ordinal)] : name;
        }
    }
}

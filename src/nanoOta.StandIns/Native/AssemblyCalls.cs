namespace nanoOta.StandIns.InternalCalls
{
    /// <summary>What calls of <c>Assembly.Load</c> lead to when a loader runs: to the board's own.</summary>
    public static class Assembly
    {
        private static IAssemblyLoader Loader => DeviceBoard.Current.Assemblies ?? throw new NotSupportedException("Nothing loads assemblies on this board.");

        /// <summary>As in mscorlib.</summary>
        public static System.Reflection.Assembly Load(byte[] rawAssembly) => Loader.Load(rawAssembly);

        /// <summary>As in mscorlib.</summary>
        public static System.Reflection.Assembly Load(string assemblyString) => Loader.Load(assemblyString);
    }
}

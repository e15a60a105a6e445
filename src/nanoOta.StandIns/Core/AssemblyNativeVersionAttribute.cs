namespace System.Reflection
{
    /// <summary>Says which native code an assembly belongs to. .NET has no such thing; here it is only carried along.</summary>
    [AttributeUsage(AttributeTargets.Assembly | AttributeTargets.Class, Inherited = false)]
    public sealed class AssemblyNativeVersionAttribute(string version) : Attribute
    {
        /// <summary>Four numbers; the device compares them with those of its firmware.</summary>
        public string NativeVersion { get; } = version;
    }
}

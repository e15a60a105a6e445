using Mono.Cecil;

namespace nanoOta.Profile.Tests
{
    /// <summary>What an assembly takes of nanoFramework's mscorlib.</summary>
    internal sealed class CoreLibraryUse : IAssemblyResolver
    {
        private readonly AssemblyDefinition _library = AssemblyDefinition.ReadAssembly(Profile.CoreLibrary("mscorlib.dll"));

        /// <summary>How many types and members an assembly refers to, and which of them are not there or not public, nor protected.</summary>
        public (int Count, string[] Hidden) Of(Stream image)
        {
            using ModuleDefinition module = ModuleDefinition.ReadModule(image, new ReaderParameters { AssemblyResolver = this });
            MemberReference[] used =
            [
                .. module.GetTypeReferences().Where(IsLibrary),
                .. module.GetMemberReferences().Where(member => IsLibrary(member.DeclaringType.GetElementType())),
            ];
            return (used.Length, [.. used.Where(member => !IsVisible(member.Resolve())).Select(member => member.FullName)]);
        }

        public AssemblyDefinition Resolve(AssemblyNameReference name) =>
            name.FullName == _library.FullName ? _library : throw new AssemblyResolutionException(name);

        public AssemblyDefinition Resolve(AssemblyNameReference name, ReaderParameters parameters) => Resolve(name);

        public void Dispose() => _library.Dispose();

        private static bool IsLibrary(TypeReference type) => type.Scope.Name == "mscorlib";

        private static bool IsVisible(IMemberDefinition? member) => member switch
        {
            null => false,
            TypeDefinition { IsNested: false } type => type.IsPublic,
            TypeDefinition type => (type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamilyOrAssembly) && IsVisible(type.DeclaringType),
            MethodDefinition method => (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly) && IsVisible(method.DeclaringType),
            FieldDefinition field => (field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly) && IsVisible(field.DeclaringType),
            _ => false,
        };
    }
}

using System.Reflection.Metadata;

namespace nanoOta.Profile.Lint
{
    /// <summary>
    /// Finds types that the compiler put into the assembly because mscorlib lacks them, such as IsReadOnlyAttribute for
    /// a readonly struct, and what they were put there for.
    /// </summary>
    internal static class EmbeddedTypes
    {
        /// <summary>
        /// The types and methods that bear an embedded attribute; an embedded type that nothing bears stands for itself.
        /// </summary>
        public static IEnumerable<EntityHandle> Bearers(MetadataReader reader)
        {
            HashSet<TypeDefinitionHandle> idle = [.. reader.TypeDefinitions.Where(type => IsEmbedded(reader, type))];
            var bearers = new List<EntityHandle>();
            foreach (CustomAttributeHandle handle in reader.CustomAttributes)
            {
                CustomAttribute attribute = reader.GetCustomAttribute(handle);
                if (attribute.Constructor.Kind == HandleKind.MethodDefinition)
                {
                    TypeDefinitionHandle type = reader.GetMethodDefinition((MethodDefinitionHandle)attribute.Constructor).GetDeclaringType();
                    if (IsEmbedded(reader, type))
                    {
                        EntityHandle bearer = Bearer(reader, attribute.Parent);
                        if (bearer.Kind != HandleKind.TypeDefinition || !IsEmbedded(reader, (TypeDefinitionHandle)bearer))
                        {
                            bearers.Add(bearer);
                        }

                        idle.Remove(type);
                    }
                }
            }

            return bearers.Concat(idle.Select(type => (EntityHandle)type));
        }

        private static bool IsEmbedded(MetadataReader reader, TypeDefinitionHandle type) =>
            reader.GetString(reader.GetTypeDefinition(type).Namespace) is "Microsoft.CodeAnalysis" or "System.Runtime.CompilerServices";

        private static EntityHandle Bearer(MetadataReader reader, EntityHandle parent)
        {
            switch (parent.Kind)
            {
                case HandleKind.TypeDefinition or HandleKind.MethodDefinition:
                    return parent;
                case HandleKind.FieldDefinition:
                    return reader.GetFieldDefinition((FieldDefinitionHandle)parent).GetDeclaringType();
                case HandleKind.PropertyDefinition:
                    PropertyAccessors accessors = reader.GetPropertyDefinition((PropertyDefinitionHandle)parent).GetAccessors();
                    return accessors.Getter.IsNil ? accessors.Setter : accessors.Getter;
                case HandleKind.Parameter:
                    return reader.MethodDefinitions.First(
                        method => reader.GetMethodDefinition(method).GetParameters().Contains((ParameterHandle)parent));
                default:
                    // Elsewhere, such as at the assembly: <Module> stands for it.
                    return reader.TypeDefinitions.First();
            }
        }
    }
}

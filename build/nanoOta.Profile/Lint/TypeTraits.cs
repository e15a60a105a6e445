using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace nanoOta.Profile.Lint
{
    /// <summary>What the lint wants to know of a type in a signature.</summary>
    [Flags]
    internal enum Traits
    {
        None = 0,
        Generic = 1,
        MultiDimensional = 2,
        Pointer = 4,
        FunctionPointer = 8,
        TypedReference = 16,
        Volatile = 32,
        Modified = 64,

        /// <summary>The type is the mark of an init accessor; harmless, as the device's mscorlib has it.</summary>
        InitMark = 128,
    }

    /// <summary>Finds the traits of a type and of everything it is made of.</summary>
    internal sealed class TypeTraits : ISignatureTypeProvider<Traits, object?>
    {
        public static readonly TypeTraits Of = new();

        public static readonly (Traits Trait, Rule Rule)[] Rules =
        [
            (Traits.Generic, Rule.Generics),
            (Traits.MultiDimensional, Rule.MultiDimensionalArray),
            (Traits.Pointer, Rule.Pointer),
            (Traits.FunctionPointer, Rule.FunctionPointer),
            (Traits.TypedReference, Rule.VariableArguments),
            (Traits.Volatile, Rule.Volatile),
            (Traits.Modified, Rule.Modifier),
        ];

        public Traits Entity(MetadataReader reader, EntityHandle type) => type.Kind switch
        {
            HandleKind.TypeReference => GetTypeFromReference(reader, (TypeReferenceHandle)type, 0),
            HandleKind.TypeSpecification => GetTypeFromSpecification(reader, null, (TypeSpecificationHandle)type, 0),
            _ => Traits.None,
        };

        public Traits Method(MethodSignature<Traits> signature)
        {
            Traits traits = signature.ReturnType | (signature.GenericParameterCount > 0 ? Traits.Generic : Traits.None);
            if (signature.Header.CallingConvention == SignatureCallingConvention.VarArgs)
            {
                traits |= Traits.TypedReference;
            }

            return signature.ParameterTypes.Aggregate(traits, (all, parameter) => all | parameter);
        }

        public Traits GetArrayType(Traits element, ArrayShape shape) => element | Traits.MultiDimensional;

        public Traits GetByReferenceType(Traits element) => element;

        public Traits GetFunctionPointerType(MethodSignature<Traits> signature) => Traits.FunctionPointer;

        public Traits GetGenericInstantiation(Traits generic, ImmutableArray<Traits> arguments) => Traits.Generic;

        public Traits GetGenericMethodParameter(object? context, int index) => Traits.Generic;

        public Traits GetGenericTypeParameter(object? context, int index) => Traits.Generic;

        public Traits GetModifiedType(Traits modifier, Traits unmodified, bool isRequired)
        {
            if (modifier == Traits.InitMark || !isRequired)
            {
                return unmodified;
            }

            return unmodified | (modifier == Traits.Volatile ? Traits.Volatile : Traits.Modified);
        }

        public Traits GetPinnedType(Traits element) => element | Traits.Pointer;

        public Traits GetPointerType(Traits element) => element | Traits.Pointer;

        public Traits GetPrimitiveType(PrimitiveTypeCode type) =>
            type == PrimitiveTypeCode.TypedReference ? Traits.TypedReference : Traits.None;

        public Traits GetSZArrayType(Traits element) => element;

        public Traits GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => Traits.None;

        public Traits GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
        {
            string name = reader.GetString(reader.GetTypeReference(handle).Name);
            return name switch
            {
                "IsExternalInit" => Traits.InitMark,
                "IsVolatile" => Traits.Volatile,
                _ => name.Contains('`') ? Traits.Generic : Traits.None,
            };
        }

        public Traits GetTypeFromSpecification(MetadataReader reader, object? context, TypeSpecificationHandle handle, byte rawTypeKind) =>
            reader.GetTypeSpecification(handle).DecodeSignature(this, context);
    }
}

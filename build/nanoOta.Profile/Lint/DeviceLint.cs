using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace nanoOta.Profile.Lint
{
    /// <summary>
    /// Refuses what compiles against the reference assemblies and then fails, or does something else, on the device.
    /// Source of the rules: what was run on the real CLR, see build/profile/README.md.
    /// </summary>
    public sealed class DeviceLint : IDisposable
    {
        private readonly PEReader _image;
        private readonly MetadataReader _reader;
        private readonly SourceMap _source;
        private readonly List<Finding> _findings = [];

        private DeviceLint(string assembly)
        {
            _image = new PEReader(File.OpenRead(assembly));
            _reader = _image.GetMetadataReader();
            _source = new SourceMap(assembly, _reader);
        }

        /// <summary>Checks an assembly; with a portable PDB beside it, findings have file and line.</summary>
        /// <returns>Each violation once, in the assembly's order.</returns>
        public static IReadOnlyList<Finding> Check(string assembly)
        {
            using var lint = new DeviceLint(assembly);
            lint.CheckEmbeddedTypes();
            foreach (TypeDefinitionHandle type in lint._reader.TypeDefinitions)
            {
                lint.CheckType(type);
            }

            return [.. lint._findings.Distinct()];
        }

        public void Dispose()
        {
            _source.Dispose();
            _image.Dispose();
        }

        // The types themselves were written nowhere; what made the compiler embed them bears them as attributes.
        private void CheckEmbeddedTypes()
        {
            foreach (EntityHandle bearer in EmbeddedTypes.Bearers(_reader))
            {
                (string name, Place place) = bearer.Kind == HandleKind.MethodDefinition
                    ? (Name((MethodDefinitionHandle)bearer), _source.OfMethod((MethodDefinitionHandle)bearer))
                    : (Name((TypeDefinitionHandle)bearer), _source.OfType((TypeDefinitionHandle)bearer));
                Report(Rule.EmbeddedType, name, place);
            }
        }

        private void CheckType(TypeDefinitionHandle handle)
        {
            TypeDefinition type = _reader.GetTypeDefinition(handle);
            string name = Name(handle);
            Traits traits = type.GetGenericParameters().Count > 0 ? Traits.Generic : Traits.None;
            traits |= TypeTraits.Of.Entity(_reader, type.BaseType);
            foreach (InterfaceImplementationHandle implementation in type.GetInterfaceImplementations())
            {
                traits |= TypeTraits.Of.Entity(_reader, _reader.GetInterfaceImplementation(implementation).Interface);
            }

            Report(traits, name, _source.OfType(handle));

            foreach (FieldDefinitionHandle field in type.GetFields())
            {
                FieldDefinition definition = _reader.GetFieldDefinition(field);
                Report(definition.DecodeSignature(TypeTraits.Of, null), $"{name}.{_reader.GetString(definition.Name)}", _source.OfType(handle));
            }

            bool isInterface = (type.Attributes & TypeAttributes.Interface) != 0;
            foreach (MethodDefinitionHandle method in type.GetMethods())
            {
                CheckMethod(method, isInterface);
            }
        }

        private void CheckMethod(MethodDefinitionHandle handle, bool isInInterface)
        {
            MethodDefinition method = _reader.GetMethodDefinition(handle);
            string name = Name(handle);
            Place place = _source.OfMethod(handle);
            Report(TypeTraits.Of.Method(method.DecodeSignature(TypeTraits.Of, null)), name, place);
            if (method.RelativeVirtualAddress == 0)
            {
                return;
            }

            if (isInInterface && (method.Attributes & MethodAttributes.Static) == 0)
            {
                Report(Rule.DefaultInterfaceMethod, name, place);
            }

            MethodBodyBlock body = _image.GetMethodBody(method.RelativeVirtualAddress);
            if (!body.LocalSignature.IsNil)
            {
                foreach (Traits local in _reader.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(TypeTraits.Of, null))
                {
                    Report(local, name, place);
                }
            }

            foreach (ExceptionRegion region in body.ExceptionRegions)
            {
                Report(TypeTraits.Of.Entity(_reader, region.CatchType), name, _source.OfInstruction(handle, region.HandlerOffset));
            }

            foreach (Instruction instruction in IlStream.Read(body))
            {
                Traits operand = Operand(instruction.Operand);
                Rule? rule = OfCode(instruction.Code.Name!);
                if (operand != Traits.None || rule is not null)
                {
                    Place statement = _source.OfInstruction(handle, instruction.Offset);
                    Report(operand, name, statement);
                    Report(rule, name, statement);
                }
            }
        }

        private Traits Operand(EntityHandle operand)
        {
            switch (operand.Kind)
            {
                case HandleKind.MethodSpecification:
                    return Traits.Generic;
                case HandleKind.MemberReference:
                    MemberReference member = _reader.GetMemberReference((MemberReferenceHandle)operand);
                    Traits signature = member.GetKind() == MemberReferenceKind.Field
                        ? member.DecodeFieldSignature(TypeTraits.Of, null)
                        : TypeTraits.Of.Method(member.DecodeMethodSignature(TypeTraits.Of, null));
                    return signature | TypeTraits.Of.Entity(_reader, member.Parent);
                default:
                    return TypeTraits.Of.Entity(_reader, operand);
            }
        }

        private static Rule? OfCode(string code) => code switch
        {
            "localloc" => Rule.StackAlloc,
            "calli" => Rule.FunctionPointer,
            "volatile." => Rule.Volatile,
            "tail." or "jmp" => Rule.TailCall,
            "arglist" or "mkrefany" or "refanyval" or "refanytype" => Rule.VariableArguments,
            "cpblk" or "initblk" => Rule.Pointer,
            _ => code.Contains(".ovf") ? Rule.Checked : null,
        };

        private string Name(MethodDefinitionHandle handle)
        {
            MethodDefinition method = _reader.GetMethodDefinition(handle);
            return $"{Name(method.GetDeclaringType())}.{_reader.GetString(method.Name)}";
        }

        private string Name(TypeDefinitionHandle handle)
        {
            TypeDefinition type = _reader.GetTypeDefinition(handle);
            string name = _reader.GetString(type.Name);
            string outer = type.IsNested ? Name(type.GetDeclaringType()) : _reader.GetString(type.Namespace);
            return outer.Length > 0 ? $"{outer}.{name}" : name;
        }

        private void Report(Traits traits, string member, Place place)
        {
            foreach ((Traits trait, Rule rule) in TypeTraits.Rules)
            {
                if ((traits & trait) != 0)
                {
                    Report(rule, member, place);
                }
            }
        }

        private void Report(Rule? rule, string member, Place place)
        {
            if (rule is not null)
            {
                _findings.Add(new Finding(rule, member, place));
            }
        }
    }
}

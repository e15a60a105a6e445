using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace nanoOta.Profile.Lint
{
    /// <summary>Finds where something was written, from the portable PDB beside the assembly.</summary>
    internal sealed class SourceMap : IDisposable
    {
        // Portable PDB specification, "Type Document": the documents of types that have no code.
        private static readonly Guid TypeDocuments = new("932E74BC-DBA9-4478-8D46-0F32A7BAB3D3");

        private readonly string _assembly;
        private readonly MetadataReader _types;
        private readonly MetadataReaderProvider? _provider;
        private readonly MetadataReader? _pdb;

        public SourceMap(string assembly, MetadataReader types)
        {
            _assembly = assembly;
            _types = types;
            string pdb = Path.ChangeExtension(assembly, ".pdb");
            if (File.Exists(pdb))
            {
                _provider = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(pdb));
                _pdb = _provider.GetMetadataReader();
            }
        }

        public void Dispose() => _provider?.Dispose();

        /// <summary>The statement the instruction belongs to.</summary>
        public Place OfInstruction(MethodDefinitionHandle method, int offset)
        {
            SequencePoint[] points = Points(method);
            int index = Array.FindLastIndex(points, point => point.Offset <= offset);
            return points.Length == 0 ? OfMethod(method) : At(points[Math.Max(index, 0)]);
        }

        /// <summary>The method's first statement; without any, its type's place.</summary>
        public Place OfMethod(MethodDefinitionHandle method)
        {
            SequencePoint[] points = Points(method);
            return points.Length > 0 ? At(points[0]) : OfType(_types.GetMethodDefinition(method).GetDeclaringType());
        }

        /// <summary>The type's first statement; without any, the file it is in; without that, the type around it or the assembly.</summary>
        public Place OfType(TypeDefinitionHandle type)
        {
            TypeDefinition definition = _types.GetTypeDefinition(type);
            foreach (MethodDefinitionHandle method in definition.GetMethods())
            {
                SequencePoint[] points = Points(method);
                if (points.Length > 0)
                {
                    return At(points[0]);
                }
            }

            if (Document(type) is { } document)
            {
                return new Place(document, 1);
            }

            return definition.IsNested ? OfType(definition.GetDeclaringType()) : new Place(_assembly, 0);
        }

        private SequencePoint[] Points(MethodDefinitionHandle method) => _pdb is null
            ? []
            : [.. _pdb.GetMethodDebugInformation(method).GetSequencePoints().Where(point => !point.IsHidden)];

        private Place At(SequencePoint point) => new(Name(point.Document), point.StartLine);

        private string Name(DocumentHandle document) => _pdb!.GetString(_pdb.GetDocument(document).Name);

        private string? Document(TypeDefinitionHandle type)
        {
            if (_pdb is null)
            {
                return null;
            }

            foreach (CustomDebugInformationHandle handle in _pdb.GetCustomDebugInformation(type))
            {
                CustomDebugInformation information = _pdb.GetCustomDebugInformation(handle);
                if (_pdb.GetGuid(information.Kind) == TypeDocuments)
                {
                    int row = _pdb.GetBlobReader(information.Value).ReadCompressedInteger();
                    return Name(MetadataTokens.DocumentHandle(row));
                }
            }

            return null;
        }
    }
}

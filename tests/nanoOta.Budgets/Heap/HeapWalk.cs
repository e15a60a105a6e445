using System.Reflection;
using System.Runtime.CompilerServices;

namespace nanoOta.Budgets.Heap
{
    /// <summary>
    /// Adds up what is reachable from an object through objects of device assemblies, with their strings, arrays and delegates.
    /// What is the host's - the virtual flash, a server in memory - counts nothing, and is not looked into.
    /// </summary>
    internal sealed class HeapWalk
    {
        private const BindingFlags Own = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

        private readonly Func<Assembly, bool> _isDevice;
        private readonly HashSet<object> _seen = new(ReferenceEqualityComparer.Instance);

        /// <summary>Begins with nothing.</summary>
        /// <param name="isDevice">Tells device assemblies.</param>
        public HeapWalk(Func<Assembly, bool> isDevice)
        {
            _isDevice = isDevice;
        }

        /// <summary>Bytes so far.</summary>
        public int Bytes { get; private set; }

        /// <summary>Objects so far.</summary>
        public int Objects { get; private set; }

        /// <summary>Adds what static fields of an assembly hold. On a device they have their values before the program begins.</summary>
        public void AddStatics(Assembly assembly)
        {
            foreach (Type type in assembly.GetTypes().Where(type => !type.Name.StartsWith('<')))
            {
                RuntimeHelpers.RunClassConstructor(type.TypeHandle);
                foreach (FieldInfo field in type.GetFields(Own | BindingFlags.Static).Where(field => !field.IsLiteral))
                {
                    Add(field.GetValue(null));
                }
            }
        }

        /// <summary>Adds an object and what it leads to.</summary>
        public void Add(object? value)
        {
            if (value == null || value is Pointer || !_seen.Add(value))
            {
                return;
            }

            switch (value)
            {
                case string text:
                    Count(HeapModel.String(text));
                    break;
                case Array array:
                    Count(HeapModel.Array(array.GetType().GetElementType()!, array.Length));
                    AddElements(array);
                    break;
                case Delegate handler:
                    Count(HeapModel.Delegate());
                    Add(handler.Target);
                    break;
                default:
                    AddFields(value);
                    break;
            }
        }

        private void AddElements(Array array)
        {
            if (!array.GetType().GetElementType()!.IsValueType)
            {
                foreach (object? element in array)
                {
                    Add(element);
                }
            }
        }

        private void AddFields(object value)
        {
            if (!_isDevice(value.GetType().Assembly))
            {
                return;
            }

            int fields = 0;
            for (Type? type = value.GetType(); type != null && type != typeof(object); type = type.BaseType)
            {
                foreach (FieldInfo field in type.GetFields(Own | BindingFlags.Instance))
                {
                    fields++;
                    if (!field.FieldType.IsPrimitive && !field.FieldType.IsEnum)
                    {
                        Add(field.GetValue(value));
                    }
                }
            }

            Count(HeapModel.Object(fields));
        }

        private void Count(int bytes)
        {
            Bytes += bytes;
            Objects++;
        }
    }
}

using System.Reflection;

namespace nanoOta.Tests.StandIns
{
    /// <summary>The public surface of a type, written as the listings write it (see <see cref="ApiListing"/>).</summary>
    internal static class ApiSurface
    {
        private const BindingFlags Declared =
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

        private static readonly Dictionary<Type, string> _keywords = new()
        {
            [typeof(void)] = "void", [typeof(object)] = "object", [typeof(string)] = "string", [typeof(bool)] = "bool",
            [typeof(byte)] = "byte", [typeof(char)] = "char", [typeof(int)] = "int", [typeof(long)] = "long",
            [typeof(uint)] = "uint", [typeof(ushort)] = "ushort",
        };

        /// <summary>The type's own line and one for each member.</summary>
        internal static List<string> Of(Type type)
        {
            List<string> lines = [TypeLine(type)];
            if (typeof(Delegate).IsAssignableFrom(type))
            {
                return lines;
            }

            foreach (FieldInfo field in type.GetFields(Declared).Where(field => (field.IsPublic || field.IsFamily) && !field.IsSpecialName))
            {
                string kind = field.IsLiteral ? type.IsEnum ? "" : "const " : field.IsStatic ? "static " : "";
                string value = field.IsLiteral ? " = " + Literal(field.GetRawConstantValue()!) : "";
                lines.Add($"{kind}{Name(type)}.{field.Name}{value} -> {Name(field.FieldType)}");
            }

            lines.AddRange(type.GetConstructors(Declared).Where(IsVisible)
                .Select(constructor => $"{Access(constructor)}{Name(type)}.{type.Name}({Parameters(constructor)}) -> void"));
            lines.AddRange(type.GetEvents(Declared).Where(member => IsVisible(member.AddMethod!))
                .Select(member => $"{Access(member.AddMethod!)}event {Name(type)}.{member.Name} -> {Name(member.EventHandlerType!)}"));
            lines.AddRange(type.GetMethods(Declared).Where(IsVisible).Select(method => Method(type, method)).OfType<string>());
            return lines;
        }

        private static string TypeLine(Type type)
        {
            if (type.IsEnum)
            {
                return $"enum {Name(type)} : {Name(type.GetEnumUnderlyingType())}";
            }

            if (typeof(Delegate).IsAssignableFrom(type))
            {
                MethodInfo invoke = type.GetMethod("Invoke")!;
                return $"delegate {Name(type)}({Parameters(invoke)}) -> {Name(invoke.ReturnType)}";
            }

            if (type.IsInterface)
            {
                return $"interface {Name(type)}";
            }

            string kind = type is { IsAbstract: true, IsSealed: true } ? "static " : type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "";
            List<string> bases = type.BaseType == typeof(object) ? [] : [Name(type.BaseType!)];
            bases.AddRange(type.GetInterfaces().Except(type.BaseType!.GetInterfaces()).Select(Name));
            return $"{kind}class {Name(type)}{(bases.Count > 0 ? " : " + string.Join(", ", bases) : "")}";
        }

        private static string? Method(Type type, MethodInfo method)
        {
            string prefix = $"{Access(method)}{Name(type)}.";
            string result = Name(method.ReturnType);
            PropertyInfo? property = type.GetProperties(Declared)
                .FirstOrDefault(candidate => candidate.GetMethod == method || candidate.SetMethod == method);
            if (property is not null)
            {
                string name = property.GetIndexParameters().Length > 0 ? $"this[{Parameters(property.GetMethod!)}]" : property.Name;
                return $"{prefix}{name}.{(property.GetMethod == method ? "get" : "set")} -> {result}";
            }

            return method.Name switch
            {
                "op_Equality" => $"{prefix}operator ==({Parameters(method)}) -> {result}",
                "op_Inequality" => $"{prefix}operator !=({Parameters(method)}) -> {result}",
                _ => method.IsSpecialName ? null : $"{prefix}{method.Name}({Parameters(method)}) -> {result}",
            };
        }

        private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily;

        private static string Access(MethodBase method) => (method.IsFamily ? "protected " : "") + (method.IsStatic ? "static " : "");

        private static string Parameters(MethodBase method)
        {
            return string.Join(", ", method.GetParameters().Select(parameter => $"{Name(parameter.ParameterType)} {parameter.Name}"));
        }

        private static string Literal(object value) => value is string text ? $"\"{text}\"" : value.ToString()!;

        private static string Name(Type type)
        {
            return type.IsArray ? Name(type.GetElementType()!) + "[]"
                : _keywords.GetValueOrDefault(type) ?? type.FullName!.Replace('+', '.');
        }
    }
}

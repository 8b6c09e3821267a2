using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Rave.Tests.Approved;

// The public surface of an assembly: one line for each type and member, sorted. Members that the compiler adds to records are omitted.
internal static class PublicSurface
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    internal static IEnumerable<string> Of(Assembly assembly) => assembly.GetExportedTypes()
        .OrderBy(type => type.FullName, StringComparer.Ordinal)
        .SelectMany(type => (IEnumerable<string>)[TypeLine(type), .. Members(type).Order(StringComparer.Ordinal)]);

    private static string TypeLine(Type type)
    {
        string kind = type.IsEnum ? "enum" : type.IsInterface ? "interface" : type.IsValueType ? "struct"
            : type.IsAbstract && type.IsSealed ? "static class" : type.IsAbstract ? "abstract class"
            : type.IsSealed ? "sealed class" : "class";
        Type[] above = [.. type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) && parent != typeof(Enum)
                ? [parent] : Type.EmptyTypes,
            .. type.IsEnum ? Type.EmptyTypes.AsEnumerable() : type.GetInterfaces().OrderBy(face => face.Name, StringComparer.Ordinal)];
        string inherits = above.Length == 0 ? "" : $" : {string.Join(", ", above.Select(face => Name(face)))}";
        return $"{kind} {type.Namespace}.{Name(type)}{inherits}";
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
        {
            return Enum.GetNames(type)
                .Select(name => $"  {name} = {Convert.ToInt64(Enum.Parse(type, name), CultureInfo.InvariantCulture)}");
        }

        NullabilityInfoContext nullability = new();
        return type.GetMembers(Declared).Where(member => !member.IsDefined(typeof(CompilerGeneratedAttribute)))
            .Select(member => member switch
        {
            ConstructorInfo made when Shows(made) => $"  {type.Name.Split('`')[0]}({Parameters(made, nullability)})",
            MethodInfo method when Shows(method) && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal)) =>
                $"  {Modifiers(method)}{Name(method.ReturnType, nullability.Create(method.ReturnParameter))}"
                    + $" {method.Name}{Generics(method)}({Parameters(method, nullability)})",
            PropertyInfo property when property.GetMethod is { } get && Shows(get) =>
                $"  {Modifiers(get)}{Name(property.PropertyType, nullability.Create(property))}"
                    + $" {property.Name} {{ get; {Setter(property)}}}",
            EventInfo raised when Shows(raised.AddMethod!) => $"  event {Name(raised.EventHandlerType!)} {raised.Name}",
            FieldInfo { IsPublic: true } field =>
                $"  {(field.IsLiteral ? "const " : "")}{Name(field.FieldType, nullability.Create(field))} {field.Name}",
            _ => "",
        }).Where(line => line.Length > 0);
    }

    private static bool Shows(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Modifiers(MethodInfo method) =>
        (method.IsFamily ? "protected " : "")
            + (method.IsStatic ? "static " : method.IsAbstract && !method.DeclaringType!.IsInterface ? "abstract " : "");

    private static string Setter(PropertyInfo property) => property.SetMethod is not { } set || !Shows(set) ? ""
        : set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init; " : "set; ";

    private static string Generics(MethodInfo method) =>
        method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(argument => argument.Name))}>" : "";

    private static string Parameters(MethodBase method, NullabilityInfoContext nullability) =>
        string.Join(", ", method.GetParameters().Select(parameter =>
        $"{Name(parameter.ParameterType, nullability.Create(parameter))} {parameter.Name}"
        + (parameter.HasDefaultValue ? $" = {Convert.ToString(parameter.DefaultValue ?? "default", CultureInfo.InvariantCulture)}" : "")));

    // Nothing is known about the nullability of a type parameter. Its type argument decides.
    private static string Name(Type type, NullabilityInfo? nullability = null)
    {
        string mark = nullability is { ReadState: NullabilityState.Nullable } && !type.IsValueType && !type.IsGenericParameter ? "?" : "";
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return $"{Name(underlying)}?";
        }

        if (type.IsByRef)
        {
            return $"ref {Name(type.GetElementType()!)}";
        }

        if (type.IsArray)
        {
            return $"{Name(type.GetElementType()!, nullability?.ElementType)}[]{mark}";
        }

        string own = type.Name.Split('`')[0];
        if (type is { IsNested: true, IsGenericParameter: false })
        {
            own = $"{type.DeclaringType!.Name.Split('`')[0]}.{own}";
        }

        Type[] arguments = type.GetGenericArguments();
        return arguments.Length == 0
            ? own + mark
            : $"{own}<{string.Join(", ", arguments.Select(NameOf))}>{mark}";

        string NameOf(Type argument, int i) => Name(argument, nullability?.GenericTypeArguments.ElementAtOrDefault(i));
    }
}

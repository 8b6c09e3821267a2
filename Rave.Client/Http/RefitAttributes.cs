#if !REFIT
namespace Rave.Client.Http;

// Refit's attributes, by name and rule, in a namespace of our own: `IRaveApi` reads the same with and without the package,
// and a program that uses Refit itself meets no second definition.
[AttributeUsage(AttributeTargets.Method)]
internal abstract class HttpMethodAttribute(string method, string path) : Attribute
{
    internal string Method => method;

    internal string Path => path;
}

internal sealed class GetAttribute(string path) : HttpMethodAttribute("GET", path);

internal sealed class PostAttribute(string path) : HttpMethodAttribute("POST", path);

internal sealed class DeleteAttribute(string path) : HttpMethodAttribute("DELETE", path);

// Headers of every request, as "Name: value".
[AttributeUsage(AttributeTargets.Method)]
internal sealed class HeadersAttribute(params string[] headers) : Attribute
{
    internal string[] Headers => headers;
}

// The parameter is a header of the request, which is left out where it is null.
[AttributeUsage(AttributeTargets.Parameter)]
internal sealed class HeaderAttribute(string header) : Attribute
{
    internal string Header => header;
}

// The parameter is the request's body.
[AttributeUsage(AttributeTargets.Parameter)]
internal sealed class BodyAttribute : Attribute;

// The parameter stands in the path as it is: it was encoded by the caller.
[AttributeUsage(AttributeTargets.Parameter)]
internal sealed class EncodedAttribute : Attribute;
#endif

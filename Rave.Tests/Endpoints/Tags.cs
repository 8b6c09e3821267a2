using System.Security.Cryptography;
using System.Text;

namespace Rave.Tests.Endpoints;

// ETags as the contract lets a client compute them.
internal static class Tags
{
    // Of a value that none of these tests stores.
    internal const string Foreign = "\"00000000000000000000000000000000\"";

    internal static string Of(string value) => Of(Encoding.UTF8.GetBytes(value));

    internal static string Of(byte[] value) => $"\"{Convert.ToHexStringLower(SHA256.HashData(value)[..16])}\"";

    // As in a JSON string.
    internal static string InJson(this string tag) => tag.Replace("\"", "\\\"", StringComparison.Ordinal);
}

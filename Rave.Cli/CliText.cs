using System.Text;
using Rave.Client;
using Rave.Server.Protocol;

namespace Rave.Cli;

// Turns keys and values from the command line into bytes.
internal static class CliText
{
    internal static byte[] Decode(string text, string encoding, string what)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        byte[] bytes = new byte[utf8.Length];
        return TextEncodings.Parse(encoding, forValues: true).TryDecode(utf8, bytes, out int length)
            ? bytes.AsSpan(0, length).ToArray()
            : throw new InputException($"The {what} is not valid {encoding}, or is not written in its canonical form.");
    }

    internal static Bound<byte[]> DecodeBound(string? text, string encoding, string what) =>
        text is null ? default : Decode(text, encoding, what);
}

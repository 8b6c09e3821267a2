using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Text;

namespace Rave.Server.Cli;

// The arguments exactly as typed: each is one argument, also if it begins with @ or /, and invalid UTF-8 is an error.
internal static class StrictArguments
{
    // An argument that begins with @ is not a response file.
    internal static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // Only the unix forms of help: /h and /? can be paths and keys.
    internal static HelpOption Help() => new("--help", "-h", "-?");

    // An empty location comes from an empty variable in a script. It must not mean the current directory.
    internal static void RequireLocation(ArgumentResult location)
    {
        if (location.GetValueOrDefault<string>() is "")
        {
            location.AddError("The location is empty.");
        }
    }

    // Why the arguments cannot be used, or null. .NET replaces invalid UTF-8, which would be another key or another directory.
    internal static string? FindError(string[] arguments)
    {
        if (!OperatingSystem.IsLinux() || !arguments.Any(static argument => argument.Contains('\ufffd', StringComparison.Ordinal)))
        {
            return null;
        }

        byte[][] raw = Split(File.ReadAllBytes("/proc/self/cmdline"));
        // The program comes first. If it was started as `dotnet program.dll`, there are two.
        int first = Math.Max(0, raw.Length - arguments.Length);
        int wrong = Array.FindIndex(raw, first, static argument => !IsUtf8(argument));
        return wrong < 0
            ? null
            : $"Argument {wrong - first + 1} is not valid UTF-8. Nothing was done. Give such a key in hex (--key-encoding hex), and such a"
                + " value on standard input. The name of a directory must be valid UTF-8.";
    }

    private static byte[][] Split(byte[] line)
    {
        List<byte[]> parts = [];
        int start = 0;
        for (int end; (end = Array.IndexOf(line, (byte)0, start)) >= 0; start = end + 1)
        {
            parts.Add(line[start..end]);
        }

        return [.. parts];
    }

    private static bool IsUtf8(byte[] bytes)
    {
        try
        {
            _ = Strict.GetCharCount(bytes);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}

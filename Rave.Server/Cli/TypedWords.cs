using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Text;

namespace Rave.Server.Cli;

// What was typed, exactly: every word is one, whatever it begins with, and bytes that are no text are refused instead of replaced.
internal static class TypedWords
{
    // Words that begin with @ are words here, and not files of more words.
    internal static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // Help as unix programs have it: /h and /? are words, paths and keys like any others.
    internal static HelpOption Help() => new("--help", "-h", "-?");

    // An empty variable in a script: the current folder is surely not meant.
    internal static void RefuseEmpty(ArgumentResult location)
    {
        if (location.GetValueOrDefault<string>() is "")
        {
            location.AddError("The location is empty.");
        }
    }

    // Why they cannot be used, or null. .NET has put another character in place of what is no UTF-8: another key, another directory.
    internal static string? Refuse(string[] arguments)
    {
        if (!OperatingSystem.IsLinux() || !arguments.Any(static word => word.Contains('\ufffd', StringComparison.Ordinal)))
        {
            return null;
        }

        byte[][] words = Words(File.ReadAllBytes("/proc/self/cmdline"));
        // The program itself comes first, and where it was started as `dotnet program.dll`, that too.
        int first = Math.Max(0, words.Length - arguments.Length);
        int wrong = Array.FindIndex(words, first, static word => !IsText(word));
        return wrong < 0 ? null : $"Argument {wrong - first + 1} is not valid UTF-8, and was not used. Give such a key in hex (--key-encoding hex), such a value on standard input; a directory needs a name that is text.";
    }

    private static byte[][] Words(byte[] line)
    {
        List<byte[]> words = [];
        int start = 0;
        for (int end; (end = Array.IndexOf(line, (byte)0, start)) >= 0; start = end + 1)
        {
            words.Add(line[start..end]);
        }

        return [.. words];
    }

    private static bool IsText(byte[] word)
    {
        try
        {
            _ = Strict.GetCharCount(word);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}

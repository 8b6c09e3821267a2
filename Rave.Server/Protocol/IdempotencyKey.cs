using System.Buffers;
using System.Globalization;

namespace Rave.Server.Protocol;

// The session of a write and its number: "<session>;<n>". Each has one spelling, so that one write is never taken for two.
internal sealed record IdempotencyKey(string Session, long Number)
{
    internal const string Header = "Idempotency-Key";

    private const int ShortestSession = 16;
    private const int LongestSession = 64;

    private static readonly SearchValues<char> SessionCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    internal static bool IsSession(ReadOnlySpan<char> text) =>
        text.Length is >= ShortestSession and <= LongestSession && !text.ContainsAnyExcept(SessionCharacters);

    internal static IdempotencyKey Parse(string text)
    {
        int semicolon = text.IndexOf(';', StringComparison.Ordinal);
        if (semicolon >= 0 && IsSession(text.AsSpan(0, semicolon)) && IsNumber(text.AsSpan(semicolon + 1), out long number))
        {
            return new(text[..semicolon], number);
        }

        throw new RaveException(
            ErrorCodes.InvalidRequest,
            $"The header '{Header}' must be <session>;<n>, where <session> is 16 to 64 characters of A-Z a-z 0-9 _ -,"
                + $" and <n> is a number from 0 to {long.MaxValue} without leading zeros.");
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Session};{Number}");

    private static bool IsNumber(ReadOnlySpan<char> text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && (text.Length == 1 || text[0] != '0');
}

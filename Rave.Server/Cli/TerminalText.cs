using System.Globalization;
using System.Text;

namespace Rave.Server.Cli;

// Text for a terminal. Characters that would move the cursor, change colours or ring the bell are escaped.
internal static class TerminalText
{
    internal static string Escape(string text, bool keepLines = false)
    {
        if (text.All(c => IsPlain(c, keepLines)))
        {
            return text;
        }

        StringBuilder escaped = new(text.Length + 16);
        foreach (char c in text)
        {
            if (IsPlain(c, keepLines))
            {
                escaped.Append(c);
            }
            else
            {
                escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            }
        }

        return escaped.ToString();
    }

    // Format characters can reverse the direction of text, or are invisible.
    private static bool IsPlain(char c, bool keepLines) => (keepLines && c is '\n' or '\t') || char.GetUnicodeCategory(c)
        is not (UnicodeCategory.Control
            or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator);
}

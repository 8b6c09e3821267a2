using System.Globalization;
using System.Text;

namespace Rave.Server.Cli;

// Text for a terminal: what would move the cursor, change colours or ring is shown as what it is.
internal static class Visible
{
    internal static string Of(string text, bool keepLines = false)
    {
        if (text.All(c => IsPlain(c, keepLines)))
        {
            return text;
        }

        StringBuilder shown = new(text.Length + 16);
        foreach (char c in text)
        {
            if (IsPlain(c, keepLines))
            {
                shown.Append(c);
            }
            else
            {
                shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            }
        }

        return shown.ToString();
    }

    // Format characters turn the direction of what follows, or hide in it.
    private static bool IsPlain(char c, bool keepLines) =>
        !(char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
        || (keepLines && c is '\n' or '\t');
}

namespace Rave.Cli;

// Shows the current work in one line of standard error, which is rewritten. Shows nothing if that is not a terminal.
internal sealed class ProgressLine : IDisposable
{
    private const string Rewrite = "\r\e[K";

    private bool _written;

    internal static bool IsShown => !Console.IsErrorRedirected;

    internal void Show(string text)
    {
        if (IsShown)
        {
            _written = true;
            Console.Error.Write(Rewrite + text);
        }
    }

    // Before other text is printed.
    internal void Clear()
    {
        if (_written)
        {
            Console.Error.Write(Rewrite);
            _written = false;
        }
    }

    public void Dispose() => Clear();
}

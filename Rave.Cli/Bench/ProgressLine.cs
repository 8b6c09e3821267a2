namespace Rave.Cli.Bench;

// What is being measured, in a line of standard error that writes over itself; nothing where that is no terminal.
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

    public void Dispose()
    {
        if (_written)
        {
            Console.Error.Write(Rewrite);
        }
    }
}

using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Rave.Tests.Harness;

// A logger factory that records all messages with their exceptions.
internal sealed class HeardLogs : ILoggerFactory, ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();

    internal IReadOnlyCollection<string> Lines => _lines;

    // Raised after a line was added.
    internal event Action<string>? Logged;

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        string line = $"{logLevel} {eventId.Name}: {formatter(state, exception)} {exception?.Message}";
        _lines.Enqueue(line);
        Logged?.Invoke(line);
    }

    public void Dispose()
    {
    }
}

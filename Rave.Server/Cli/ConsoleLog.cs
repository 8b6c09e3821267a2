using Microsoft.Extensions.Logging.Console;

namespace Rave.Server.Cli;

// The log of rave-server, on standard error. The console logger is created with the first message: that takes a seventh of a start,
// and most runs log nothing.
internal sealed class ConsoleLog(LogLevel minimum) : ILogger, IDisposable
{
    private readonly Lazy<ILoggerFactory> _console = new(() => LoggerFactory.Create(log =>
    {
        log.SetMinimumLevel(LogLevel.Trace);
        log.AddSimpleConsole(console => console.SingleLine = true);
        log.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }));

    public bool IsEnabled(LogLevel logLevel) => logLevel >= minimum;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            _console.Value.CreateLogger("RaveLevel").Log(logLevel, eventId, state, exception, formatter);
        }
    }

    public void Dispose()
    {
        if (_console.IsValueCreated)
        {
            _console.Value.Dispose();
        }
    }
}

using System.Diagnostics;

namespace Rave.Tests.Etcd;

// A caller that repeats an operation, and its longest wait.
internal sealed class Pauses
{
    private readonly Func<Task> _operation;
    private readonly Task _running;
    private volatile bool _ended;
    private int _count;

    internal Pauses(string name, Func<Task> operation)
    {
        Name = name;
        _operation = operation;
        _running = Task.Run(RunAsync);
    }

    internal string Name { get; }

    internal TimeSpan Longest { get; private set; }

    // Until it has gone on since now.
    internal Task ProgressAsync(int operations)
    {
        int seen = Volatile.Read(ref _count);
        return Harness.Waiting.UntilAsync($"the {Name} goes on", async () =>
        {
            if (_running.IsCompleted)
            {
                // Fails as it has.
                await _running;
            }

            return Volatile.Read(ref _count) >= seen + operations;
        });
    }

    internal Task EndAsync()
    {
        _ended = true;
        return _running;
    }

    private async Task RunAsync()
    {
        while (!_ended)
        {
            long start = Stopwatch.GetTimestamp();
            await _operation();
            TimeSpan took = Stopwatch.GetElapsedTime(start);
            Longest = took > Longest ? took : Longest;
            Interlocked.Increment(ref _count);
        }
    }
}

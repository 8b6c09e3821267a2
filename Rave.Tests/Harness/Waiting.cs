namespace Rave.Tests.Harness;

// The time that a test waits for an event. It is far more than needed, so that only a hang reaches it.
internal static class Waiting
{
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // And for a whole program: a build, a browser, a script of requests.
    internal static readonly TimeSpan WholeRun = TimeSpan.FromSeconds(120);

    internal static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(Patience, TestContext.Current.CancellationToken);

    internal static Task Soon(this Task task) => task.WaitAsync(Patience, TestContext.Current.CancellationToken);

    // For states that only the file system shows, which sends no event: it polls. Everything else is awaited as a line or a task.
    internal static Task UntilAsync(string expectation, Func<bool> holds) => UntilAsync(expectation, () => Task.FromResult(holds()));

    internal static async Task UntilAsync(string expectation, Func<Task<bool>> holds)
    {
        using CancellationTokenSource patience = new(Patience);
        using PeriodicTimer look = new(TimeSpan.FromMilliseconds(20));
        while (!await holds().Soon())
        {
            try
            {
                await look.WaitForNextTickAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"It never came true that {expectation}.");
            }
        }
    }
}

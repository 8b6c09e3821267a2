namespace Rave.Tests.Harness;

// How long a test waits for an event that should be near: far more than it takes, so that only a hang runs into it.
internal static class Waiting
{
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    internal static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(Patience, TestContext.Current.CancellationToken);

    internal static Task Soon(this Task task) => task.WaitAsync(Patience, TestContext.Current.CancellationToken);
}

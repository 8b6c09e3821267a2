namespace Rave.Tests.Harness;

// Code that blocks its thread, as that of a window or of an old web page does: on a thread of its own, bare, or with a context that runs
// what is posted
// on this very thread, which never comes to it while the thread is blocked.
internal static class OwnThread
{
    internal enum Kind
    {
        Bare,
        WithContext,
        WithScheduler,
    }

    internal static Task RunAsync(Kind kind, Action blocks) => kind switch
    {
        Kind.Bare => OnNewThreadAsync(blocks),
        Kind.WithContext => OnNewThreadAsync(() =>
        {
            SynchronizationContext.SetSynchronizationContext(new NeverRuns());
            blocks();
        }),
        _ => Task.Factory.StartNew(
            blocks, CancellationToken.None, TaskCreationOptions.LongRunning, new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler),
    };

    private static Task OnNewThreadAsync(Action blocks)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread thread = new(() =>
        {
            try
            {
                blocks();
                done.SetResult();
            }
            catch (Exception failure)
            {
                done.SetException(failure);
            }
        })
        {
            IsBackground = true,
        };
        thread.Start();
        return done.Task;
    }

    // Nobody pumps it: its thread is blocked for as long as anything could be posted.
    private sealed class NeverRuns : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state)
        {
        }

        public override void Send(SendOrPostCallback d, object? state) => throw new InvalidOperationException("Its thread is blocked.");
    }
}

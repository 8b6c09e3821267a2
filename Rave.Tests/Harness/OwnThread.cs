namespace Rave.Tests.Harness;

// Runs code that blocks its thread, like the thread of a window or of an old web page: on a new thread, without a context, or with one
// that runs posted work on this thread. While the thread is blocked, posted work never runs.
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

    // Posted work is never run: the thread is blocked for as long as work could be posted.
    private sealed class NeverRuns : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state)
        {
        }

        public override void Send(SendOrPostCallback d, object? state) => throw new InvalidOperationException("Its thread is blocked.");
    }
}

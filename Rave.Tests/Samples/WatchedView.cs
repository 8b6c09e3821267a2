using System.Collections.Concurrent;
using Rave.Client;
using Rave.Tests.Harness;
using Samples;

namespace Rave.Tests.Samples;

// A LiveView and its expected contents.
internal sealed class WatchedView : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, string> _view = [];
    private readonly ConcurrentQueue<(string Text, TaskCompletionSource Seen)> _awaited = [];
    private readonly CancellationTokenSource _end = new();
    private readonly Task _following;

    internal WatchedView(AbstractLevel<string, string> level) => _following = LiveView.FollowAsync(level, _view, Look, _end.Token);

    // The view looks like this at some time after the write has begun.
    internal async Task ExpectAsync(string text, Func<Task> write)
    {
        TaskCompletionSource seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _awaited.Enqueue((text, seen));
        await write();
        Look();
        await seen.Task.Soon();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _following.ShouldThrowAsync<OperationCanceledException>();
        _end.Dispose();
    }

    private void Look()
    {
        string text = string.Join(' ', _view.OrderBy(entry => entry.Key).Select(entry => $"{entry.Key}={entry.Value}"));
        foreach ((_, TaskCompletionSource seen) in _awaited.Where(one => one.Text == text))
        {
            seen.TrySetResult();
        }
    }
}

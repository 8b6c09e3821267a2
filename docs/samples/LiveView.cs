using System.Collections.Concurrent;
using Rave.Client;

namespace Samples;

// A copy of a level in memory that follows everybody's writes. The feed begins with a gap, and has one when another process leads: read again, then apply what follows.
internal static class LiveView
{
    internal static async Task FollowAsync(
        AbstractLevel<string, string> level, ConcurrentDictionary<string, string> view, Action changed, CancellationToken cancellationToken)
    {
        await foreach (Change<string, string> change in level.ChangesAsync(cancellationToken: cancellationToken))
        {
            switch (change.Kind)
            {
                case ChangeKind.Gap:
                    await ReadAsync(level, view, cancellationToken);
                    break;
                case ChangeKind.Put:
                    view[change.Key] = change.Value;
                    break;
                default:
                    Remove(view, change);
                    break;
            }

            changed();
        }
    }

    private static async Task ReadAsync(AbstractLevel<string, string> level, ConcurrentDictionary<string, string> view, CancellationToken cancellationToken)
    {
        view.Clear();
        await foreach ((string key, string value) in level.Iterate(cancellationToken: cancellationToken))
        {
            view[key] = value;
        }
    }

    // A del's key, or all keys of a clear's range.
    private static void Remove(ConcurrentDictionary<string, string> view, Change<string, string> change)
    {
        foreach (string key in view.Keys.Where(change.Touches))
        {
            view.TryRemove(key, out _);
        }
    }
}

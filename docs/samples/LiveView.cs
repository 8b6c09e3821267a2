using System.Collections.Concurrent;
using Rave.Client;

namespace Samples;

// A copy of a level in memory that follows the writes of all processes. The feed begins with a gap, and has another one when another
// process becomes the leader. After a gap, read everything again, then apply the changes that follow.
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

    private static async Task ReadAsync(
        AbstractLevel<string, string> level, ConcurrentDictionary<string, string> view, CancellationToken cancellationToken)
    {
        view.Clear();
        await foreach ((string key, string value) in level.Iterate(cancellationToken: cancellationToken))
        {
            view[key] = value;
        }
    }

    // Removes the key of a delete, or all keys in the range of a clear.
    private static void Remove(ConcurrentDictionary<string, string> view, Change<string, string> change)
    {
        foreach (string key in view.Keys.Where(change.Touches))
        {
            view.TryRemove(key, out _);
        }
    }
}

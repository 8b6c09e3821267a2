using System.Text;
using Rave.Server.Storage;
using Rave.Tests.Harness;

namespace Rave.Tests.Etcd;

// The changes of a subscription as text.
internal static class Feeds
{
    internal static async Task<string> NextAsync(this IChangeSubscription feed) => (await feed.NextWithPlaceAsync()).Text;

    internal static async Task<(string Text, FeedPlace Place)> NextWithPlaceAsync(this IChangeSubscription feed)
    {
        while (true)
        {
            if (feed.TryRead(out Change change))
            {
                string key = Encoding.UTF8.GetString(change.Key);
                string text = change.Type switch
                {
                    ChangeType.Put => $"put {key}={Encoding.UTF8.GetString(change.Value)}",
                    ChangeType.Delete => $"del {key}",
                    _ => "gap",
                };
                return (change.IsLast ? $"{text} last" : text, change.Place);
            }

            await feed.WaitAsync(TestContext.Current.CancellationToken).Soon();
        }
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;

namespace Rave.Tests.Harness;

// The spans of one location's handles, in the order in which they ended. Other tests run beside this one: theirs do not count.
internal sealed class HeardSpans : IDisposable
{
    private readonly ConcurrentQueue<Activity> _spans = [];
    private readonly ActivityListener _listener;

    internal HeardSpans(string location)
    {
        _listener = new()
        {
            ShouldListenTo = source => source.Name == "RaveLevel",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                if (Equals(span.GetTagItem("db.namespace"), location))
                {
                    _spans.Enqueue(span);
                }
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    internal Activity[] All => [.. _spans];

    public void Dispose() => _listener.Dispose();
}

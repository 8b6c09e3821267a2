using System.Collections.Concurrent;
using System.Diagnostics;
using Rave.Client;

namespace Rave.Tests.Client;

public sealed class TracingTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_operation_is_one_span_that_says_how_it_went(bool leads)
    {
        await using SharedHandle shared = await SharedHandle.OpenAsync(leads);
        RaveLevel db = shared.Db;
        ConcurrentQueue<Activity> spans = [];
        using (ActivityListener listener = Listen(spans, db.Location))
        {
            await db.PutAsync("a", "1");
            await db.GetAsync("a");
            await db.GetManyAsync(["a"]);
            await db.HasAsync("a");
            await db.HasManyAsync(["a"]);
            await db.CountAsync();
            await db.Iterate().ToArrayAsync();
            await db.BatchAsync([BatchOperation<string, string>.Put("b", "2"), BatchOperation<string, string>.Del("c")]);
            await db.DelAsync("a");
            await db.ClearAsync();
            await db.CompactRangeAsync();
            await db.PutAsync(new string('x', 100_000), "1").AsTask().ShouldThrowAsync<RaveException>();
        }

        await db.PutAsync("unheard", "1");
        spans.Select(span => span.OperationName).ShouldBe(
            ["rave.put", "rave.get", "rave.get-many", "rave.has", "rave.has-many", "rave.count", "rave.page", "rave.batch", "rave.del", "rave.clear", "rave.compact", "rave.put"]);
        spans.ShouldAllBe(span => span.Kind == ActivityKind.Client && Equals(span.GetTagItem("rave.leads"), leads));
        spans.SkipLast(1).ShouldAllBe(span => span.Status == ActivityStatusCode.Unset);
        spans.Last().Status.ShouldBe(ActivityStatusCode.Error);
        spans.Last().GetTagItem("error.type").ShouldBe("LEVEL_TOO_LARGE");
    }

    // Other tests run beside this one: only what its own database does counts.
    private static ActivityListener Listen(ConcurrentQueue<Activity> spans, string location)
    {
        ActivityListener listener = new()
        {
            ShouldListenTo = source => source.Name == "RaveLevel",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                if (Equals(span.GetTagItem("db.namespace"), location))
                {
                    spans.Enqueue(span);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}

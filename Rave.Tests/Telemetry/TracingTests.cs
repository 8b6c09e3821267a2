using System.Diagnostics;
using Rave.Client;
using Rave.Tests.Client;
using Rave.Tests.Harness;

namespace Rave.Tests.Telemetry;

public sealed class TracingTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_operation_is_one_span_with_its_outcome(bool leads)
    {
        await using SharedHandle shared = await SharedHandle.OpenAsync(leads);
        RaveLevel db = shared.Db;
        using HeardSpans recorded = new(db.Location);
        await db.PutAsync("a", "1");
        await db.GetAsync("a");
        await db.GetManyAsync(["a"]);
        await db.HasAsync("a");
        await db.HasManyAsync(["a"]);
        await db.CountAsync();
        await db.Iterate().ToArrayAsync();
        await db.BatchAsync([BatchOperation.Put("b", "2"), BatchOperation.Delete("c")]);
        await db.DeleteAsync("a");
        await db.ClearAsync();
        await db.CompactRangeAsync();
        await db.ApproximateSizeAsync();
        await db.GetPropertyAsync("leveldb.stats");
        await (await db.SnapshotAsync()).DisposeAsync();
        (await db.ChangesAsync().FirstAsync()).Kind.ShouldBe(ChangeKind.Gap);
        await db.StepDownAsync();

        recorded.All.Select(span => span.OperationName).ShouldBe(
        [
            "rave.put", "rave.get", "rave.get-many", "rave.has", "rave.has-many", "rave.count", "rave.page", "rave.batch", "rave.del",
            "rave.clear", "rave.compact",
            "rave.approximate-size", "rave.property", "rave.snapshot", "rave.end-snapshot", "rave.subscribe", "rave.step-down",
        ]);
        recorded.All.ShouldAllBe(span =>
            span.Kind == ActivityKind.Client && Equals(span.GetTagItem("rave.leads"), leads) && span.Status == ActivityStatusCode.Unset);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_span_of_a_failed_operation_has_its_error(bool leads)
    {
        await using SharedHandle shared = await SharedHandle.OpenAsync(leads);
        using (HeardSpans recorded = new(shared.Db.Location))
        {
            await shared.Db.PutAsync(new string('x', 100_000), "1").AsTask().ShouldThrowAsync<RaveException>();
            await shared.Db.CloseAsync();
            await shared.Db.SnapshotAsync().AsTask().ShouldThrowAsync<RaveException>();
            await shared.Db.GetPropertyAsync("leveldb.stats").AsTask().ShouldThrowAsync<RaveException>();
            await shared.Db.StepDownAsync().ShouldThrowAsync<RaveException>();
            recorded.All.Select(span => (span.OperationName, span.Status, span.GetTagItem("error.type"))).ShouldBe(
            [
                ("rave.put", ActivityStatusCode.Error, "LEVEL_TOO_LARGE"),
                ("rave.snapshot", ActivityStatusCode.Error, "LEVEL_DATABASE_NOT_OPEN"),
                ("rave.property", ActivityStatusCode.Error, "LEVEL_DATABASE_NOT_OPEN"),
                ("rave.step-down", ActivityStatusCode.Error, "LEVEL_DATABASE_NOT_OPEN"),
            ]);
        }
    }
}

using Rave.Client;
using Rave.Client.Telemetry;
using Rave.Tests.Client;
using Rave.Tests.Harness;

namespace Rave.Tests.Telemetry;

// The metrics of a handle's own operations. MeterTests tests the metrics of a leader.
public sealed class HandleMeterTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_operation_is_measured_with_its_outcome(bool leads)
    {
        await using SharedHandle shared = await SharedHandle.OpenAsync(leads);
        RaveLevel db = shared.Db;
        using (HeardFigures recorded = new(db.Location))
        {
            Observation.IsOn.ShouldBeTrue();
            await db.PutAsync("a", "1");
            await db.GetAsync("a");
            await db.Iterate().ToArrayAsync();
            await db.PutAsync(new string('x', 100_000), "1").AsTask().ShouldThrowAsync<RaveException>();

            HeardFigures.Figure[] durations = recorded.Of("db.client.operation.duration");
            durations.Select(figure => (figure.Tags["db.operation.name"], figure.Tags.GetValueOrDefault("error.type"))).ShouldBe(
                [("put", null), ("get", null), ("page", null), ("put", "LEVEL_TOO_LARGE")]);
            durations.ShouldAllBe(figure => Equals(figure.Tags["rave.leads"], leads) && Equals(figure.Tags["db.system.name"], "leveldb"));
            durations.ShouldAllBe(figure => figure.Value > 0 && figure.Value < Waiting.Patience.TotalSeconds);
            recorded.Of("rave.client.failovers").ShouldBeEmpty();
            recorded.Of("rave.client.requests.lost").ShouldBeEmpty();
        }
    }
}

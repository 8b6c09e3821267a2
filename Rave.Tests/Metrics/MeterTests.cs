using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Rave.Server.Election;
using Rave.Server.Engine;
using Rave.Server.Location;
using Rave.Server.Metrics;
using Rave.Tests.Harness;
using Rave.Tests.Storage;

namespace Rave.Tests.Metrics;

// The Meter RaveLevel, read as by a .NET program.
public sealed class MeterTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly ConcurrentBag<(string Instrument, double Value, Dictionary<string, object?> Tags)> _heard = [];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Leaders_of_one_process_do_not_mix_their_figures()
    {
        using DatabaseLocation one = DatabaseLocation.Resolve(_directory["one"], create: true);
        using DatabaseLocation other = DatabaseLocation.Resolve(_directory["other"], create: true);
        await using Leader first = await Embedded.LeadAsync(one);
        await using Leader second = await Embedded.LeadAsync(other);
        using MeterListener listener = Listen();
        await PutAsync(first.Store, times: 3);
        await PutAsync(second.Store, times: 5);
        await RawHttp.SendAsync(one.SocketPath, "GET", "/healthz");
        await RawHttp.SendAsync(other.SocketPath, "GET", "/nowhere");
        listener.RecordObservableInstruments();

        Heard("rave.operations", one, ("operation", "write")).ShouldBe([3]);
        Heard("rave.operations", other, ("operation", "write")).ShouldBe([5]);
        Heard("rave.request.duration", one).Length.ShouldBe(1);
        Heard("rave.request.duration", one, ("route", "/healthz"), ("status", "2xx")).Length.ShouldBe(1);
        Heard("rave.request.duration", other, ("status", "4xx")).Length.ShouldBe(1);
        Heard("rave.errors", one).ShouldBeEmpty();
        Heard("rave.errors", other, ("code", "LEVEL_NOT_FOUND")).ShouldBe([1]);

        (await RawHttp.SendAsync(one.SocketPath, "GET", "/metrics")).Body.ShouldContain("\nrave_operations_total{operation=\"write\"} 3\n");
        (await RawHttp.SendAsync(other.SocketPath, "GET", "/metrics")).Body
            .ShouldContain("\nrave_operations_total{operation=\"write\"} 5\n");
    }

    [Fact]
    public async Task A_leader_that_stopped_is_not_measured_any_more()
    {
        using DatabaseLocation location = DatabaseLocation.Resolve(_directory["db"], create: true);
        await using (await Embedded.LeadAsync(location))
        {
        }

        using MeterListener listener = Listen();
        listener.RecordObservableInstruments();
        _heard.ShouldNotContain(measured => Equals(measured.Tags["location"], location.Directory));
    }

    [Fact]
    public async Task Every_election_won_is_counted()
    {
        using DatabaseLocation location = DatabaseLocation.Resolve(_directory["db"], create: true);
        for (int won = 1; won <= 3; won++)
        {
            await using Leader leader = await Embedded.LeadAsync(location);
            (await RawHttp.SendAsync(location.SocketPath, "GET", "/metrics")).Body.ShouldContain($"\nrave_elections_total {won}\n");
        }
    }

    [Fact]
    public async Task The_text_and_the_Meter_have_the_same_metrics()
    {
        using DatabaseLocation location = DatabaseLocation.Resolve(_directory["db"], create: true);
        await using Leader leader = await Embedded.LeadAsync(location);
        ConcurrentBag<Instrument> published = [];
        using MeterListener listener = new()
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (IsOfLeaders(instrument))
                {
                    published.Add(instrument);
                }
            },
        };
        listener.Start();
        Dictionary<string, Family> families =
            PrometheusParser.Parse((await RawHttp.SendAsync(location.SocketPath, "GET", "/metrics")).Body);
        published.Select(instrument =>
            Metric.ToPrometheus(instrument.Name, instrument.Unit ?? "") + (instrument is ObservableCounter<double> ? "_total" : ""))
            .ShouldBe(families.Keys, ignoreOrder: true);
    }

    [Fact]
    public void The_levels_are_read_from_the_statistics_of_LevelDB()
    {
        LevelFigures[] levels = LevelFigures.Parse("""
                                           Compactions
            Level  Files Size(MB) Time(sec) Read(MB) Write(MB)
            --------------------------------------------------
              0        2        4         0        0        4
              2       17      123         1       10       20

            """);
        levels.Length.ShouldBe(7);
        levels[0].ShouldBe(new(0, 2, 4 << 20));
        levels[1].ShouldBe(new(1, 0, 0));
        levels[2].ShouldBe(new(2, 17, 123 << 20));
    }

    [Fact]
    public void A_duration_counts_in_the_first_bucket_whose_bound_it_does_not_exceed()
    {
        DurationHistogram durations = new();
        durations.Add(TimeSpan.FromMilliseconds(1));
        durations.Add(TimeSpan.FromMilliseconds(1.1));
        durations.Add(TimeSpan.FromHours(1));
        (long[] counts, double seconds) = durations.Read();
        counts[3].ShouldBe(1);
        counts[4].ShouldBe(1);
        counts[^1].ShouldBe(1);
        counts.Sum().ShouldBe(3);
        seconds.ShouldBe(3600.0021, 0.00001);
    }

    // Handles measure under the same name, and other tests have some.
    private static bool IsOfLeaders(Instrument instrument) => ReferenceEquals(instrument.Meter, RaveMeter.RequestDuration.Meter);

    private static async Task PutAsync(LevelStore store, int times)
    {
        for (int i = 0; i < times; i++)
        {
            await store.PutAsync(new byte[] { 1 }, new byte[] { 1 }, sync: false);
        }
    }

    private MeterListener Listen()
    {
        MeterListener listener = new()
        {
            InstrumentPublished = (instrument, own) =>
            {
                if (IsOfLeaders(instrument))
                {
                    own.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
            _heard.Add((instrument.Name, value, new(tags.ToArray()))));
        listener.Start();
        return listener;
    }

    private double[] Heard(string instrument, DatabaseLocation location, params (string Name, string Value)[] tags) =>
    [
        .. _heard.Where(measured => measured.Instrument == instrument && Equals(measured.Tags["location"], location.Directory)
                && tags.All(tag => Equals(measured.Tags.GetValueOrDefault(tag.Name), tag.Value)))
            .Select(measured => measured.Value),
    ];
}

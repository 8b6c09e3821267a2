using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Rave.Etcd;
using Rave.Tests.Leadership;
using Rave.Tests.Storage;

namespace Rave.Tests.Etcd;

// A program counts its own requests, not ours.
[Collection<AloneInTheProcess>]
public sealed class GuestTests
{
    private const string NameOfTheHost = "System.Net.Http";

    [Fact]
    public async Task Requests_to_etcd_are_in_no_figures_and_spans_of_the_program()
    {
        await using EtcdMember member = await EtcdMember.StartAsync();
        ConcurrentBag<string> recorded = [];
        using MeterListener meters = new() { InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument) };
        meters.SetMeasurementEventCallback<double>((instrument, _, _, _) => recorded.Add(instrument.Meter.Name));
        meters.SetMeasurementEventCallback<long>((instrument, _, _, _) => recorded.Add(instrument.Meter.Name));
        meters.Start();
        using ActivityListener spans = new()
        {
            ShouldListenTo = source => source.Name == NameOfTheHost,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = span => recorded.Add(span.Source.Name),
        };
        ActivitySource.AddActivityListener(spans);
        using (EtcdStore store = await EtcdStores.OpenAsync([member], "app"))
        {
            await store.PutAsync("a"u8.ToArray(), default, sync: false);
        }

        recorded.ShouldNotContain(NameOfTheHost);
        recorded.ShouldContain($"RaveLevel.Etcd.{NameOfTheHost}", "they are measured under our own name");
    }
}

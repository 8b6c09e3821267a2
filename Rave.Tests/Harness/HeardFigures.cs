using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Rave.Tests.Harness;

// The metrics of the handles of one location. Metrics of tests that run at the same time do not count.
internal sealed class HeardFigures : IDisposable
{
    private readonly ConcurrentQueue<Figure> _figures = [];
    private readonly TaskCompletionSource _failover = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly MeterListener _listener;
    private readonly string _location;

    internal HeardFigures(string location)
    {
        _location = location;
        _listener = new()
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "RaveLevel")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Hear(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Hear(instrument, value, tags));
        _listener.Start();
    }

    // Once there was one.
    internal Task Failover => _failover.Task;

    public void Dispose() => _listener.Dispose();

    internal Figure[] Of(string instrument) => [.. _figures.Where(figure => figure.Instrument == instrument)];

    private void Hear(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        Figure figure = new(instrument.Name, value, new(tags.ToArray()));
        if (!Equals(figure.Tags.GetValueOrDefault("db.namespace"), _location))
        {
            return;
        }

        _figures.Enqueue(figure);
        if (figure.Instrument == "rave.client.failovers")
        {
            _failover.TrySetResult();
        }
    }

    internal sealed record Figure(string Instrument, double Value, Dictionary<string, object?> Tags);
}

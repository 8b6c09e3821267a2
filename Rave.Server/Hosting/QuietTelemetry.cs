using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Rave.Server.Hosting;

// Keeps the spans and metrics of the embedded host out of the program's telemetry. A web server that collects ASP.NET Core's metrics
// must count its own requests, not ours.
internal static class QuietTelemetry
{
    private const string Name = "RaveLevel.Host";

    internal static void AddTo(IServiceCollection services)
    {
        services.Replace(ServiceDescriptor.Singleton<IMeterFactory, OwnMeterFactory>());
        services.Replace(ServiceDescriptor.Singleton(_ => new DiagnosticListener(Name)));
        services.Replace(ServiceDescriptor.Singleton(_ => new ActivitySource(Name)));
    }

    // Creates each meter with our prefix before its name.
    private sealed class OwnMeterFactory : IMeterFactory
    {
        private readonly List<Meter> _meters = [];

        public Meter Create(MeterOptions options)
        {
            Meter meter = new($"{Name}.{options.Name}", options.Version);
            lock (_meters)
            {
                _meters.Add(meter);
            }

            return meter;
        }

        public void Dispose()
        {
            lock (_meters)
            {
                _meters.ForEach(meter => meter.Dispose());
                _meters.Clear();
            }
        }
    }
}

using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Rave.Server.Hosting;

// Keeps the embedded host's spans and metrics out of its program's telemetry: a web server that listens for ASP.NET Core's names
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

    // Meters under our name instead of the one asked for.
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

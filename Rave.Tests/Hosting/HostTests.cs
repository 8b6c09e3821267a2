using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Rave.Client;
using Rave.Tests.Harness;

namespace Rave.Tests.Hosting;

public sealed class HostTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_host_has_one_handle_from_before_its_services_start_until_they_have_stopped(bool leads)
    {
        using TempDirectory directory = new();
        await using RaveLevel? first = leads ? null : await RaveLevel.OpenAsync(directory["db"]);
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddRaveLevel(directory["db"], options => options.BlockSize = 8192);
        builder.Services.AddHealthChecks().AddRaveLevel();
        builder.Services.AddSingleton<Worker>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<Worker>());
        RaveLevel level;
        using (IHost host = builder.Build())
        {
            await host.StartAsync();
            level = host.Services.GetRequiredService<RaveLevel>();
            level.IsLeader.ShouldBe(leads);
            (await level.GetAsync("started")).ShouldBe("yes");

            HealthCheckService health = host.Services.GetRequiredService<HealthCheckService>();
            HealthReportEntry entry = (await health.CheckHealthAsync()).Entries["RaveLevel"];
            entry.Status.ShouldBe(HealthStatus.Healthy, entry.Description);
            (await level.CountAsync()).ShouldBe(1, "a check leaves nothing behind");

            await host.StopAsync();
            level.Status.ShouldBe(LevelStatus.Closed);
            host.Services.GetRequiredService<Worker>().StatusAtStop.ShouldBe(LevelStatus.Open);
            (await health.CheckHealthAsync()).Status.ShouldBe(HealthStatus.Unhealthy);
        }

        await using RaveLevel next = await RaveLevel.OpenAsync(directory["db"]);
        (await next.GetAsync("stopped")).ShouldBe("yes");
    }

    [Fact]
    public async Task A_host_whose_database_cannot_be_opened_does_not_start()
    {
        using TempDirectory directory = new();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddRaveLevel(directory["none"], options => options.CreateIfMissing = false);
        using IHost host = builder.Build();
        (await host.StartAsync().ShouldThrowAsync<RaveException>()).Code.ShouldBe("LEVEL_DATABASE_NOT_OPEN");
        Directory.Exists(directory["none"]).ShouldBeFalse();
    }

    // Is given the handle before anything has started.
    private sealed class Worker(RaveLevel level) : IHostedService
    {
        internal LevelStatus? StatusAtStop { get; private set; }

        public async Task StartAsync(CancellationToken cancellationToken) =>
            await level.PutAsync("started", "yes", default, cancellationToken);

        public async Task StopAsync(CancellationToken cancellationToken)
        {
            await level.PutAsync("stopped", "yes", default, cancellationToken);
            StatusAtStop = level.Status;
        }
    }
}

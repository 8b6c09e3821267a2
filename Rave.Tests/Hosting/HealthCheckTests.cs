using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Rave.Client;
using Rave.Tests.Harness;

namespace Rave.Tests.Hosting;

public sealed class HealthCheckTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly HostApplicationBuilder _builder = Host.CreateEmptyApplicationBuilder(null);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void There_is_no_health_check_by_default()
    {
        _builder.Services.AddRaveLevel(_directory["a"]);
        using IHost host = _builder.Build();
        host.Services.GetService<HealthCheckService>().ShouldBeNull();
    }

    [Fact]
    public async Task Every_handle_can_have_a_check_with_a_name_tags_and_a_status()
    {
        _builder.Services.AddRaveLevel(_directory["a"])
            .AddKeyedRaveLevel("b", _directory["b"])
            .AddKeyedRaveLevel("c", _directory["c"], Encodings.Int64, Encodings.Int64);
        _builder.Services.AddHealthChecks()
            .AddRaveLevel(tags: ["ready"])
            .AddRaveLevel(serviceKey: "b")
            .AddRaveLevel<long, long>("numbers", HealthStatus.Degraded, ["ready"], TimeSpan.FromMinutes(1), "c");
        using IHost host = _builder.Build();
        HealthCheckService health = host.Services.GetRequiredService<HealthCheckService>();
        (await health.CheckHealthAsync()).Entries["RaveLevel"].Status.ShouldBe(HealthStatus.Unhealthy, "it is not open yet");

        await host.StartAsync();
        HealthReport report = await health.CheckHealthAsync();
        report.Entries.Keys.ShouldBe(["RaveLevel", "RaveLevel:b", "numbers"], ignoreOrder: true);
        report.Entries.Values.ShouldAllBe(entry => entry.Status == HealthStatus.Healthy && entry.Description == "This process leads.");
        HealthReport ready = await health.CheckHealthAsync(check => check.Tags.Contains("ready"));
        ready.Entries.Keys.ShouldBe(["RaveLevel", "numbers"], ignoreOrder: true);
        (await host.Services.GetRequiredKeyedService<RaveLevel<long, long>>("c").CountAsync()).ShouldBe(0);

        await host.StopAsync();
        report = await health.CheckHealthAsync();
        report.Entries["RaveLevel:b"].Status.ShouldBe(HealthStatus.Unhealthy);
        report.Entries["numbers"].Status.ShouldBe(HealthStatus.Degraded);
    }

    [Fact]
    public async Task A_check_of_a_database_that_is_not_registered_says_what_to_add()
    {
        _builder.Services.AddRaveLevel(_directory["a"]).AddHealthChecks().AddRaveLevel(serviceKey: "other");
        using IHost host = _builder.Build();
        HealthCheckService health = host.Services.GetRequiredService<HealthCheckService>();
        (await Should.ThrowAsync<InvalidOperationException>(health.CheckHealthAsync())).Message.ShouldContain("AddKeyedRaveLevel");
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Rave.Client;
using Rave.Tests.Harness;

namespace Rave.Tests.Hosting;

public sealed class SeveralHandlesTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly HostApplicationBuilder _builder = Host.CreateEmptyApplicationBuilder(null);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Handles_with_keys_and_of_any_types_are_open_before_services_start_and_until_they_have_stopped()
    {
        _builder.Services.AddHostedService<Worker>()
            .AddRaveLevel(_directory["a"])
            .AddKeyedRaveLevel("b", _directory["b"])
            .AddRaveLevel(_directory["c"], Encodings.Int64, Encodings.Bytes)
            .AddKeyedRaveLevel("d", _directory["d"], Encodings.Guid, Encodings.Int64);
        using IHost host = _builder.Build();
        await host.StartAsync();
        Worker worker = host.Services.GetServices<IHostedService>().OfType<Worker>().Single();
        worker.Locations.ShouldBe([_directory["a"], _directory["b"], _directory["c"], _directory["d"]]);
        worker.AtStart.ShouldBe([LevelStatus.Open, LevelStatus.Open, LevelStatus.Open, LevelStatus.Open]);
        await host.StopAsync();
        worker.AtStop.ShouldBe([LevelStatus.Open, LevelStatus.Open, LevelStatus.Open, LevelStatus.Open]);
        worker.Statuses.ShouldBe([LevelStatus.Closed, LevelStatus.Closed, LevelStatus.Closed, LevelStatus.Closed]);
    }

    [Fact]
    public async Task A_provider_without_a_host_opens_a_handle_when_it_is_injected_and_closes_it_when_it_is_disposed()
    {
        ServiceCollection services = new();
        services.AddKeyedRaveLevel("b", _directory["b"]).AddRaveLevel(_directory["a"]);
        RaveLevel level;
        await using (ServiceProvider provider = services.BuildServiceProvider())
        {
            level = provider.GetRequiredKeyedService<RaveLevel>("b");
            level.Status.ShouldBe(LevelStatus.Open);
            provider.GetRequiredKeyedService<RaveLevel>("b").ShouldBeSameAs(level);
            Directory.Exists(_directory["a"]).ShouldBeFalse("nothing was injected that needs it");
        }

        level.Status.ShouldBe(LevelStatus.Closed);
    }

    [Fact]
    public void A_second_handle_of_the_same_type_and_key_is_refused_and_the_error_says_what_to_do()
    {
        _builder.Services
            .AddRaveLevel(_directory["a"])
            .AddKeyedRaveLevel("key", _directory["b"])
            .AddRaveLevel(_directory["c"], Encodings.Int64, Encodings.Bytes);
        Refusal(services => services.AddRaveLevel(_directory["other"])).ShouldContain("AddKeyedRaveLevel");
        Refusal(services => services.AddRaveLevel(_directory["other"], Encodings.Int64, Encodings.Bytes))
            .ShouldContain("AddKeyedRaveLevel");
        Refusal(services => services.AddKeyedRaveLevel("key", _directory["other"])).ShouldContain("'key'");
    }

    [Fact]
    public void Two_handles_that_share_their_options_cannot_be_configured_one_by_one()
    {
        _builder.Services.AddRaveLevel(_directory["a"], options => options.CanLead = false);
        Refusal(services => services.AddRaveLevel(_directory["b"], Encodings.Int64, Encodings.Bytes))
            .ShouldContain("services.Configure<RaveOptions>");
        _builder.Services.AddKeyedRaveLevel(1, _directory["b"], Encodings.Int64, Encodings.Bytes);
        Refusal(services => services.AddKeyedRaveLevel("1", _directory["c"], options => options.CanLead = false)).ShouldContain("'1'");
    }

    private string Refusal(Action<IServiceCollection> add) => Should.Throw<InvalidOperationException>(() => add(_builder.Services)).Message;

    // Its constructor gets the handles before anything has started.
    private sealed class Worker(
        RaveLevel a,
        [FromKeyedServices("b")] RaveLevel b,
        RaveLevel<long, byte[]> c,
        [FromKeyedServices("d")] RaveLevel<Guid, long> d) : IHostedService
    {
        internal string[] Locations => [a.Location, b.Location, c.Location, d.Location];

        internal LevelStatus[] Statuses => [a.Status, b.Status, c.Status, d.Status];

        internal LevelStatus[]? AtStart { get; private set; }

        internal LevelStatus[]? AtStop { get; private set; }

        public async Task StartAsync(CancellationToken cancellationToken)
        {
            await a.PutAsync("key", "value", cancellationToken);
            await b.PutAsync("key", "value", cancellationToken);
            await c.PutAsync(1, [2], cancellationToken);
            await d.PutAsync(Guid.Empty, 1, cancellationToken);
            AtStart = Statuses;
        }

        public Task StopAsync(CancellationToken cancellationToken)
        {
            AtStop = Statuses;
            return Task.CompletedTask;
        }
    }
}

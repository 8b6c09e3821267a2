using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Rave.Client;
using Rave.Server.Protocol;
using Rave.Tests.Harness;

namespace Rave.Tests.Hosting;

// Options of handles in a host, as other libraries have them.
public sealed class HostOptionsTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly HostApplicationBuilder _builder = Host.CreateEmptyApplicationBuilder(null);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Options_come_from_configuration_and_from_code_and_the_last_one_counts()
    {
        _builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Rave:BlockSize"] = "8192",
            ["Rave:CacheSize"] = "1048576",
            ["Rave:OperationTimeout"] = "00:00:05",
            ["Rave:Limits:PageEntries"] = "7",
            ["Other:BlockSize"] = "1024",
        });
        _builder.Services.Configure<RaveOptions>(_builder.Configuration.GetSection("Rave"));
        _builder.Services.AddRaveLevel(_directory["a"], options => options.CacheSize *= 2);
        _builder.Services.AddKeyedRaveLevel("other", _directory["b"], options => options.Compression = false);
        _builder.Services.Configure<RaveOptions>("other", _builder.Configuration.GetSection("Other"));
        using IHost host = _builder.Build();
        await host.StartAsync();

        Status status = await StatusAsync(host.Services.GetRequiredService<RaveLevel>());
        status.Options.ShouldBe(new StorageOptions(true, 2 << 20, 4 << 20, 8192, 1000, 16, 2 << 20, 10));
        status.Limits.PageEntries.ShouldBe(7);
        status.Limits.PageBytes.ShouldBe(4 << 20);
        host.Services.GetRequiredService<IOptions<RaveOptions>>().Value.OperationTimeout.ShouldBe(TimeSpan.FromSeconds(5));
        StorageOptions other = (await StatusAsync(host.Services.GetRequiredKeyedService<RaveLevel>("other"))).Options!;
        (other.BlockSize, other.CacheSize, other.Compression).ShouldBe((1024, 8 << 20, false));
        await host.StopAsync();
    }

    [Fact]
    public async Task A_host_whose_options_are_wrong_does_not_start()
    {
        _builder.Services.AddRaveLevel(_directory["a"])
            .AddOptions<RaveOptions>().Validate(options => !options.CanLead, "It must not lead.");
        using IHost host = _builder.Build();
        (await Should.ThrowAsync<OptionsValidationException>(host.StartAsync())).Message.ShouldBe("It must not lead.");

        HostApplicationBuilder cached = Host.CreateEmptyApplicationBuilder(null);
        cached.Services.AddRaveLevel(_directory["b"]).AddRaveLevelCache(options => options.SweepInterval = TimeSpan.Zero);
        using IHost second = cached.Build();
        (await Should.ThrowAsync<OptionsValidationException>(second.StartAsync())).Message.ShouldContain("SweepInterval");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("key")]
    public async Task A_handle_uses_the_host_s_logger_factory_and_clock_unless_its_options_set_others(string? key)
    {
        FakeTime clock = new();
        using HeardLogs logs = new();
        _builder.Services.AddSingleton<ILoggerFactory>(logs).AddSingleton<TimeProvider>(clock).AddKeyedRaveLevel(key, _directory["a"]);
        using IHost host = _builder.Build();
        RaveOptions options = host.Services.GetRequiredService<IOptionsMonitor<RaveOptions>>().Get(key);
        options.LoggerFactory.ShouldBeSameAs(logs);
        options.TimeProvider.ShouldBeSameAs(clock);

        await host.StartAsync();
        RaveLevel level = host.Services.GetRequiredKeyedService<RaveLevel>(key);
        level.LeaderInfo!.Since.ShouldBe(clock.GetUtcNow());
        level.Written += (_, _) => throw new InvalidOperationException("mine");
        await level.PutAsync("a", "1");
        logs.Lines.ShouldContain(line => line.Contains("mine", StringComparison.Ordinal));
        await host.StopAsync();
    }

    [Fact]
    public async Task A_clock_in_the_options_replaces_the_host_s_whether_set_before_or_after_the_handle_was_registered()
    {
        FakeTime clock = new();
        clock.Advance(TimeSpan.FromDays(1));
        _builder.Services.AddSingleton<TimeProvider>(new FakeTime());
        _builder.Services.Configure<RaveOptions>(options => options.TimeProvider = TimeProvider.System);
        _builder.Services.AddRaveLevel(_directory["a"]).AddKeyedRaveLevel("b", _directory["b"]);
        _builder.Services.Configure<RaveOptions>("b", options => options.TimeProvider = clock);
        using IHost host = _builder.Build();
        host.Services.GetRequiredService<IOptions<RaveOptions>>().Value.TimeProvider.ShouldBeSameAs(TimeProvider.System);
        await host.StartAsync();
        host.Services.GetRequiredKeyedService<RaveLevel>("b").LeaderInfo!.Since.ShouldBe(clock.GetUtcNow());
        await host.StopAsync();
    }

    private static Task<Status> StatusAsync(RaveLevel level) => level.GetStatusAsync(TestContext.Current.CancellationToken).AsTask();
}

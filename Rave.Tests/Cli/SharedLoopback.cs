using Rave.Tests.Harness;

namespace Rave.Tests.Cli;

// One server with --http for all tests that only send requests.
public sealed class SharedLoopback : IAsyncLifetime
{
    internal LoopbackServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await LoopbackServer.StartAsync();

    public ValueTask DisposeAsync() => Server?.DisposeAsync() ?? default;
}

[CollectionDefinition(Name)]
public sealed class LoopbackSuite : ICollectionFixture<SharedLoopback>
{
    internal const string Name = "Loopback";
}

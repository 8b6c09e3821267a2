using Rave.Tests.Harness;

namespace Rave.Tests.Cli;

// One server with --http for the tests of a class.
public sealed class SharedLoopback : IAsyncLifetime
{
    internal LoopbackServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await LoopbackServer.StartAsync();

    public ValueTask DisposeAsync() => Server?.DisposeAsync() ?? default;
}

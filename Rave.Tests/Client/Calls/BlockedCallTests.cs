using Rave.Client;
using Rave.Tests.Harness;

namespace Rave.Tests.Client;

// A thread blocks on a call of a handle without a leader. Everything that ends the call wakes the thread.
public sealed class BlockedCallTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly TempDirectory _directory = new();
    private readonly FakeTime _time = new();
    private RaveLevel? _orphan;

    public async ValueTask InitializeAsync()
    {
        await using RaveLevel leader = await RaveLevel.OpenAsync(_directory["db"]);
        _orphan = await RaveLevel.OpenAsync(_directory["db"], new() { CanLead = false, TimeProvider = _time, OperationTimeout = Patience });
    }

    public async ValueTask DisposeAsync()
    {
        await _orphan!.DisposeAsync();
        _directory.Dispose();
    }

    [Theory]
    [InlineData("get")]
    [InlineData("put")]
    public async Task Its_cancellation(string call)
    {
        using CancellationTokenSource source = new();
        Task blocked = Block(call, source.Token);
        await source.CancelAsync();
        (await blocked.Soon().ShouldThrowAsync<OperationCanceledException>()).CancellationToken.ShouldBe(source.Token);
    }

    [Theory]
    [InlineData("get")]
    [InlineData("put")]
    public async Task Its_deadline(string call)
    {
        Task blocked = Block(call, default);
        _time.Advance(Patience + TimeSpan.FromMilliseconds(2));
        (await blocked.Soon().ShouldThrowAsync<RaveException>()).Code.ShouldBe("LEVEL_CONNECTION_LOST");
    }

    [Theory]
    [InlineData("get")]
    [InlineData("put")]
    public async Task Its_handle_s_closing(string call)
    {
        Task blocked = Block(call, default);
        await _orphan!.CloseAsync();
        (await blocked.Soon().ShouldThrowAsync<RaveException>()).Code.ShouldBe("LEVEL_DATABASE_NOT_OPEN");
    }

    [Theory]
    [InlineData("get")]
    [InlineData("put")]
    public async Task A_new_leader(string call)
    {
        Task blocked = Block(call, default);
        await using RaveLevel leader = await RaveLevel.OpenAsync(_directory["db"]);
        // The clock must advance before the handle looks again.
        await Waiting.UntilAsync("the call returns", () =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(50));
            return blocked.IsCompleted;
        });
        await blocked;
    }

    // The call is made before this returns. Another thread blocks on it.
    private Task Block(string call, CancellationToken cancellationToken)
    {
        if (call == "get")
        {
            ValueTask<string?> get = _orphan!.GetAsync("a", default, cancellationToken);
            return OwnThread.RunAsync(OwnThread.Kind.Bare, () => get.GetAwaiter().GetResult());
        }

        ValueTask put = _orphan!.PutAsync("a", "1", default, cancellationToken);
        return OwnThread.RunAsync(OwnThread.Kind.Bare, () => put.GetAwaiter().GetResult());
    }
}

namespace Rave.Tests.Harness;

// Processes that are killed when their test ends, also if it fails.
internal sealed class KilledAtTheEnd(ChildProcess[] processes) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        foreach (ChildProcess process in processes)
        {
            await process.DisposeAsync();
        }
    }
}

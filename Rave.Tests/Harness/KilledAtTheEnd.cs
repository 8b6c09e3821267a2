namespace Rave.Tests.Harness;

// Processes of one test, gone when it ends, however it ends.
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

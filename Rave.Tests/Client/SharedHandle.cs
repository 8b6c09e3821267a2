using Rave.Client;
using Rave.Tests.Harness;

namespace Rave.Tests.Client;

// A handle on a new database that leads, or follows another one.
internal sealed class SharedHandle : IAsyncDisposable
{
    private readonly TempDirectory _directory;
    private readonly RaveLevel _leader;

    private SharedHandle(TempDirectory directory, RaveLevel leader, RaveLevel db)
    {
        _directory = directory;
        _leader = leader;
        Db = db;
    }

    internal RaveLevel Db { get; }

    internal static async Task<SharedHandle> OpenAsync(bool leads)
    {
        TempDirectory directory = new();
        RaveLevel leader = await RaveLevel.OpenAsync(directory["db"]);
        RaveLevel db = leads ? leader : await RaveLevel.OpenAsync(directory["db"]);
        db.IsLeader.ShouldBe(leads);
        return new(directory, leader, db);
    }

    public async ValueTask DisposeAsync()
    {
        await Db.DisposeAsync();
        await _leader.DisposeAsync();
        _directory.Dispose();
    }
}

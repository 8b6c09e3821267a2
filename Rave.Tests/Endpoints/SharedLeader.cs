using Rave.Server.Election;
using Rave.Server.Location;
using Rave.Tests.Harness;

namespace Rave.Tests.Endpoints;

// A leader on LevelDB.
public sealed class SharedLeader : HttpSubject
{
    private readonly TempDirectory? _directory;
    private readonly DatabaseLocation _location;
    private Leader? _leader;

    // Of a new database.
    public SharedLeader()
        : this(new TempDirectory())
    {
    }

    private SharedLeader(TempDirectory directory)
        : this(directory["db"]) => _directory = directory;

    private SharedLeader(string location) => _location = DatabaseLocation.Resolve(location, create: true);

    internal override string SocketPath => _location.SocketPath;

    internal override string Location => _location.Directory;

    internal override int BatchOperations => _leader!.Store.Limits.BatchOperations;

    // Of a database that is there already, which the test owns.
    internal static async Task<SharedLeader> OfAsync(string location)
    {
        SharedLeader leader = new(location);
        await leader.InitializeAsync();
        return leader;
    }

    internal override async Task<HttpSubject> AnotherAsync()
    {
        SharedLeader leader = new();
        await leader.InitializeAsync();
        return leader;
    }

    internal override IEnumerable<string> Told(IReadOnlyList<ServerEvent> events) => events.Select(told => told.ToString());

    public override async ValueTask InitializeAsync() => _leader = await Embedded.LeadAsync(_location);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await (_leader?.DisposeAsync() ?? default);
        _location.Dispose();
        _directory?.Dispose();
    }
}

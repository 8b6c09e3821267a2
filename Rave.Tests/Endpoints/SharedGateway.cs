using System.Globalization;
using Rave.Client;
using Rave.Server.Gateways;
using Rave.Server.Storage;
using Rave.Tests.Client;
using Rave.Tests.Etcd;
using Rave.Tests.Harness;

namespace Rave.Tests.Endpoints;

// A gateway on an etcd cluster. All of them share one member.
public sealed class SharedGateway : HttpSubject
{
    private readonly TempDirectory _directory = new();
    private Gateway? _gateway;
    private string? _location;

    // A fixture cannot be skipped, but its tests can.
    internal override string SocketPath => Subjects.EtcdOrSkip(_gateway).SocketPath;

    internal override string Location => Subjects.EtcdOrSkip(_location);

    internal override int BatchOperations => new EtcdOptions().Limits.BatchOperations;

    internal override async Task<HttpSubject> AnotherAsync()
    {
        SharedGateway gateway = new();
        await gateway.InitializeAsync();
        return gateway;
    }

    // Another gateway, which serves the same database.
    internal async Task<SharedGateway> OfSameDatabaseAsync()
    {
        SharedGateway gateway = new() { _location = Location };
        await gateway.InitializeAsync();
        return gateway;
    }

    internal async Task ShouldNotOfferAsync(string method, string target) =>
        (await SendAsync(method, target)).ShouldBeProblem(501, ErrorCodes.NotSupported);

    internal Task OrNotOfferedAsync(bool isNotOffered, string method, string target, Func<Task> run) =>
        isNotOffered ? ShouldNotOfferAsync(method, target) : run();

    // Revisions count the writes of all databases on the cluster. The last change of a batch has the greatest index that there is.
    internal override IEnumerable<string> Told(IReadOnlyList<ServerEvent> events)
    {
        string[] revisions = [.. events.Select(told => told.Place.Split('.')[0]).Distinct()];
        revisions.Select(revision => long.Parse(revision, CultureInfo.InvariantCulture)).ShouldBeInOrder();
        int index = 0;
        foreach (ServerEvent told in events)
        {
            string[] place = told.Place.Split('.');
            bool isLast = told.Data.Contains("\"last\":true", StringComparison.Ordinal);
            int.Parse(place[1], CultureInfo.InvariantCulture).ShouldBe(isLast ? int.MaxValue : index);
            int batch = Array.IndexOf(revisions, place[0]) + 1;
            yield return string.Create(CultureInfo.InvariantCulture, $"{batch}.{index} {told.Type} {told.Data}");
            index = isLast ? 0 : index + 1;
        }
    }

    public override async ValueTask InitializeAsync()
    {
        _location ??= await SubjectsMember.NewLocationAsync();
        if (_location is not null)
        {
            EngineOptions engine = new(
                CreateIfMissing: true, ErrorIfExists: false, Waiting.Patience, Waiting.Patience, TimeProvider.System);
            _gateway = await Gateway.StartAsync(_location, _directory["rave.sock"], engine, new(), CancellationToken.None);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await (_gateway?.DisposeAsync() ?? default);
        _directory.Dispose();
    }
}

using Rave.Client;
using Rave.Etcd;

namespace Rave.Tests.Etcd;

// One member for the tests of all classes, each of which has its own databases.
public sealed class SharedMember : IAsyncLifetime
{
    private EtcdMember? _member;

    internal EtcdMember Member => _member!;

    // A new database.
    internal async Task<EtcdStore> OpenAsync(EtcdOptions? options = null) =>
        await EtcdStores.OpenAsync([await MemberAsync()], EtcdStores.NewName(), options);

    // Starts with the first test that needs it: a fixture cannot be skipped.
    internal async Task<EtcdMember> MemberAsync() => _member ??= await EtcdMember.StartAsync();

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        if (_member is not null)
        {
            await _member.DisposeAsync();
        }
    }
}

// Its tests run one after the other.
[CollectionDefinition(Name)]
public sealed class EtcdSuite : ICollectionFixture<SharedMember>
{
    internal const string Name = "Etcd";
}

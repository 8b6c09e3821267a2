namespace Rave.Tests.Etcd;

// One member for the tests on every subject, shared by all classes. It ends with the run.
internal static class SubjectsMember
{
    private static readonly Lazy<Task<string?>> Started = new(StartAsync);

    // A new database. Null if there is no etcd.
    internal static async Task<string?> NewLocationAsync() =>
        await Started.Value is { } cluster ? $"{cluster}/{EtcdStores.NewName()}" : null;

    private static async Task<string?> StartAsync()
    {
        if (await EtcdProgram.Found is null)
        {
            return null;
        }

        Rave.Client.RaveEtcd.Register();
        EtcdMember member = await EtcdMember.StartAsync();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => member.DisposeAsync().AsTask().Wait(TimeSpan.FromSeconds(5));
        return $"etcd://127.0.0.1:{member.Port}";
    }
}

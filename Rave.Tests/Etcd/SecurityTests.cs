using Rave.Client;
using Rave.Etcd;
using Rave.Etcd.Location;
using Rave.Server.Protocol;
using Rave.Server.Storage;
using Rave.Tests.Storage;

namespace Rave.Tests.Etcd;

// Users, and TLS with certificates on both sides.
public sealed class SecurityTests
{
    private static readonly byte[] Key = "k"u8.ToArray();
    private static readonly EtcdOptions Me = new() { User = "me", Password = "secret" };

    [Fact]
    public async Task A_user_does_everything_with_its_database_and_nothing_with_another()
    {
        await using EtcdMember member = await EtcdMember.StartAsync();
        await member.RequireUsersAsync("app", "me", "secret");
        using EtcdStore store = await EtcdStores.OpenAsync([member], "app", Me);
        using IChangeSubscription feed = await store.SubscribeAsync(new(null, null), after: null, CancellationToken.None);
        await store.WriteAsync(batch => batch.Put(Key, "1"u8), new IdempotencyKey("session-0123456789", 1));
        (await feed.NextAsync()).ShouldBe("put k=1 last");
        (await store.KeysAsync(new() { Reverse = true })).ShouldBe([Key]);
        await store.ProbeAsync(CancellationToken.None);
        await store.ClearAsync(new(), sync: false, CancellationToken.None);
        (await feed.NextAsync()).ShouldBe("del k last");
        await EtcdStores.OpenAsync([member], "other", Me).ShouldFailAsync(ErrorCodes.Forbidden, "permission denied");
    }

    [Fact]
    public async Task A_missing_or_wrong_password_is_refused_at_once()
    {
        await using EtcdMember member = await EtcdMember.StartAsync();
        await EtcdStores.OpenAsync([member], "app", Me).ShouldFailAsync(ErrorCodes.Forbidden, "authentication is not enabled");
        await member.RequireUsersAsync("app", "me", "secret");
        await EtcdStores.OpenAsync([member], "app").ShouldFailAsync(ErrorCodes.Forbidden);
        await EtcdStores.OpenAsync([member], "app", Me with { Password = "wrong" })
            .ShouldFailAsync(ErrorCodes.Forbidden, "authentication failed");
    }

    [Fact]
    public async Task A_token_that_ended_with_its_member_is_replaced_also_for_a_feed()
    {
        await using EtcdMember member = await EtcdMember.StartAsync();
        await member.RequireUsersAsync("app", "me", "secret");
        using EtcdStore store = await EtcdStores.OpenAsync([member], "app", Me);
        using IChangeSubscription feed = await store.SubscribeAsync(new(null, null), after: null, CancellationToken.None);
        await store.PutAsync(Key, "1"u8.ToArray(), sync: false);
        await member.KillAsync();
        await member.StartAgainAsync();
        (await store.GetAsync(Key)).ShouldBe("1"u8.ToArray());
        await store.PutAsync(Key, "2"u8.ToArray(), sync: false);
        (await feed.NextAsync()).ShouldBe("put k=1 last");
        (await feed.NextAsync()).ShouldBe("put k=2 last");
    }

    [Fact]
    public async Task With_TLS_each_side_shows_a_certificate_and_the_error_names_a_missing_one()
    {
        using Certificates files = new();
        using Certificates others = new();
        await using EtcdMember member = await EtcdMember.StartAsync(
            $"--cert-file={files["server.pem"]}", $"--key-file={files["server.key"]}",
            $"--trusted-ca-file={files["ca.pem"]}", "--client-cert-auth");
        string location = $"etcds://127.0.0.1:{member.Port}/app";
        using EtcdStore store = await OpenAsync($"{location}?ca={files["ca.pem"]}&cert={files["client.pem"]}&key={files["client.key"]}");
        await store.PutAsync(Key, "1"u8.ToArray(), sync: false);
        (await store.GetAsync(Key)).ShouldBe("1"u8.ToArray());
        await OpenAsync($"{location}?ca={files["ca.pem"]}").ShouldFailAsync(ErrorCodes.ConnectionLost, "certificate");
        await OpenAsync($"{location}?ca={others["ca.pem"]}&cert={files["client.pem"]}&key={files["client.key"]}")
            .ShouldFailAsync(ErrorCodes.ConnectionLost, "certificate");
        await OpenAsync($"{location}?ca={files["none.pem"]}").ShouldFailAsync(ErrorCodes.InvalidRequest, "cannot be read");
    }

    private static Task<EtcdStore> OpenAsync(string location) => EtcdStore.OpenAsync(
        EtcdLocation.Parse(location),
        new() { OpenTimeout = TimeSpan.FromSeconds(3) },
        TimeProvider.System,
        TestContext.Current.CancellationToken);
}

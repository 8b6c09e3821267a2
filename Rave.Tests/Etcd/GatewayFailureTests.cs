using Rave.Client;
using Rave.Tests.Endpoints;
using Rave.Tests.Harness;

namespace Rave.Tests.Etcd;

// A gateway whose cluster does not answer, and one whose socket is not its own.
[Collection(EtcdSuite.Name)]
public sealed class GatewayFailureTests(SharedMember shared) : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Without_a_cluster_requests_are_503_because_nothing_was_sent()
    {
        await using EtcdMember member = await EtcdMember.StartAsync();
        await using LiveGateway gateway = await StartAsync(member, TimeSpan.FromSeconds(1));
        await member.KillAsync();
        Answer read = await gateway.GetAsync("/v1/kv/a");
        read.ShouldBeProblem(503, "LEVEL_DATABASE_NOT_OPEN").ShouldContain("No member of etcd://");
        read.Headers["Retry-After"].ShouldBe(["1"]);
        (await gateway.PutAsync("/v1/kv/a", "1")).ShouldBeProblem(503, "LEVEL_DATABASE_NOT_OPEN");
        (await gateway.GetAsync("/healthz")).ShouldBeProblem(503, "LEVEL_DATABASE_NOT_OPEN");

        await member.StartAgainAsync();
        await Waiting.UntilAsync("the gateway writes again", async () => (await gateway.PutAsync("/v1/kv/a", "1")).Status == 204);
        (await gateway.GetAsync("/healthz")).Text.ShouldBe("ok");
    }

    [Fact]
    public async Task A_write_that_a_hanging_member_may_still_apply_is_500_and_a_read_is_503()
    {
        await using EtcdMember member = await EtcdMember.StartAsync();
        await using LiveGateway gateway = await StartAsync(member, TimeSpan.FromSeconds(1));
        await member.Process.SuspendAsync();
        (await gateway.PutAsync("/v1/kv/a", "1")).ShouldBeProblem(500, "LEVEL_IO_ERROR").ShouldContain("The write may have been applied.");
        (await gateway.GetAsync("/v1/kv/a")).ShouldBeProblem(503, "LEVEL_DATABASE_NOT_OPEN");
        (await gateway.PostAsync("/v1/entries", """{"key":"b","value":"1"}""", "application/x-ndjson"))
            .ShouldBeProblem(500, "LEVEL_IO_ERROR").ShouldContain("0 lines were written before the failure.");
    }

    [Fact]
    public async Task A_file_that_is_not_a_socket_is_refused_and_not_changed()
    {
        await File.WriteAllTextAsync(_directory["rave.sock"], "precious");
        await StartAsync(await shared.MemberAsync()).ShouldFailAsync(ErrorCodes.IoError, "is not a socket");
        (await File.ReadAllTextAsync(_directory["rave.sock"])).ShouldBe("precious");
    }

    [Fact]
    public async Task The_socket_of_a_running_process_is_refused_and_stays_private()
    {
        await using LiveGateway gateway = await StartAsync(await shared.MemberAsync());
        await StartAsync(await shared.MemberAsync()).ShouldFailAsync(ErrorCodes.IoError, "the socket of another process");
        (await gateway.GetAsync("/healthz")).Text.ShouldBe("ok");
        File.GetUnixFileMode(gateway.SocketPath).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task A_gateway_whose_socket_is_deleted_ends()
    {
        await using LiveGateway gateway = await StartAsync(await shared.MemberAsync());
        File.Delete(gateway.SocketPath);
        await gateway.Gateway.Ended.Soon().ShouldFailAsync(ErrorCodes.IoError, "deleted or replaced");
    }

    [Fact]
    public async Task Long_paths_and_other_names_are_served()
    {
        string folder = Directory.CreateDirectory(_directory[new('d', 150)]).FullName;
        string location = $"etcd://127.0.0.1:{(await shared.MemberAsync()).Port}/{EtcdStores.NewName()}";
        string path = Path.Combine(folder, "a-name-of-forty-bytes-for-a-socket.sock");
        await using (LiveGateway gateway = await LiveGateway.StartAsync(location, path))
        {
            File.Exists(gateway.SocketPath).ShouldBeTrue();
        }

        Directory.GetFileSystemEntries(folder).ShouldBeEmpty();
        await LiveGateway.StartAsync(location, Path.Combine(folder, new('s', 41))).ShouldFailAsync(ErrorCodes.InvalidRequest, "40 bytes");
        await LiveGateway.StartAsync(location, Path.Combine(folder, "none", "rave.sock"))
            .ShouldFailAsync(ErrorCodes.IoError, "No such file");
    }

    private Task<LiveGateway> StartAsync(EtcdMember member, TimeSpan? operationTimeout = null) => LiveGateway.StartAsync(
        $"etcd://127.0.0.1:{member.Port}/{EtcdStores.NewName()}", _directory["rave.sock"], operationTimeout);
}

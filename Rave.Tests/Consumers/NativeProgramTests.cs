using System.Net;
using Rave.Tests.Harness;

namespace Rave.Tests.Consumers;

// Our programs as `dotnet publish` makes them.
[Needs(Need.LongRun)]
public sealed class NativeProgramTests
{
    private static readonly string[] Libraries = ["libleveldb.so.1d", "libsnappy.so.1"];

    [Fact]
    public async Task Rave_server_is_published_as_one_native_file_without_a_warning_and_leads()
    {
        using TempDirectory directory = new();
        await PublishAsync("Rave.Server", directory["out"]);
        FilesIn(directory["out"]).ShouldBe([.. Libraries, "rave-server"], ignoreOrder: true);
        await using ChildProcess server = ChildProcess.Start(directory["out/rave-server"], directory["db"]);
        (await server.ReadLineAsync()).ShouldBe($"leader {directory["db"]}/rave.sock");
        using HttpClient http = LiveLeader.Client(directory["db/rave.sock"]);
        using HttpResponseMessage put = await http.PutAsync("/v1/kv/hello", new StringContent("world"));
        put.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await http.GetStringAsync("/v1/kv/hello")).ShouldBe("world");
        (await http.GetStringAsync("/openapi/v1.json")).ShouldContain("/v1/kv/{key}");
        server.Signal(ChildProcess.Terminate);
        (await server.WaitForExitAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Rave_is_published_as_one_native_file_without_a_warning_and_its_commands_run()
    {
        using TempDirectory directory = new();
        await PublishAsync("Rave.Cli", directory["out"]);
        FilesIn(directory["out"]).ShouldBe([.. Libraries, "rave"], ignoreOrder: true);
        await RunAsync("put", directory["db"], "hello", "world");
        (await RunAsync("get", directory["db"], "hello")).ShouldBe("world");
        (await RunAsync("scan", directory["db"])).ShouldContain("hello");
        (await RunAsync("bench", "follower", "--scale", "0.01", "--values", "compressible")).ShouldContain("follower.put.1");

        async Task<string> RunAsync(params string[] arguments)
        {
            await using ChildProcess rave = ChildProcess.Start(directory["out/rave"], arguments);
            string output = await rave.ReadToEndAsync();
            (await rave.WaitForExitAsync()).ShouldBe(0, await rave.Errors);
            return output;
        }
    }

    private static async Task PublishAsync(string project, string folder)
    {
        await using ChildProcess publish = ChildProcess.Start(
            "dotnet", "publish", Repository.PathOf(project), "-c", "Release", "-o", folder, "-nodeReuse:false", "-p:RunAnalyzers=false");
        string output = await publish.ReadToEndAsync();
        (await publish.WaitForExitAsync()).ShouldBe(0, output);
        output.ShouldNotContain("warning");
    }

    private static IEnumerable<string?> FilesIn(string folder) => Directory.EnumerateFiles(folder).Select(Path.GetFileName);
}

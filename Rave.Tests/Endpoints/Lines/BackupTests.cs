using Rave.Tests.Harness;

namespace Rave.Tests.Endpoints;

// curl … > backup.ndjson, and back.
public abstract class BackupTests(HttpSubject from) : IAsyncLifetime
{
    public sealed class OnLevelDb() : BackupTests(new SharedLeader());

    public sealed class OnEtcd() : BackupTests(new SharedGateway());

    public ValueTask InitializeAsync() => from.InitializeAsync();

    public ValueTask DisposeAsync() => from.DisposeAsync();

    [Fact]
    public async Task Two_lines_of_curl_back_up_and_restore_a_live_database()
    {
        await using HttpSubject to = await from.AnotherAsync();
        await FillAsync(from);
        using TempDirectory directory = new();
        string file = directory["backup.ndjson"];
        const string Encodings = "keyEncoding=base64&valueEncoding=base64";
        await RunAsync($"curl -fsS --unix-socket {from.SocketPath} -H 'Accept: application/x-ndjson' "
            + $"'http://rave/v1/entries?{Encodings}' > {file}");
        string answer = await RunAsync($"curl -fsS --unix-socket {to.SocketPath} -H 'Content-Type: application/x-ndjson' "
            + $"-T {file} -X POST 'http://rave/v1/entries?{Encodings}'");
        answer.ShouldBe("""{"written":3000}""");
        (await EntriesAsync(to)).ShouldBe(await EntriesAsync(from));
    }

    private static async Task FillAsync(HttpSubject subject)
    {
        Random random = new(1);
        List<string> operations = [];
        for (int i = 0; i < 3000; i++)
        {
            byte[] key = new byte[4 + random.Next(20)];
            byte[] value = new byte[random.Next(500)];
            random.NextBytes(key);
            random.NextBytes(value);
            key[0] &= 0x7f;
            operations.Add(HttpSubject.Put(Convert.ToBase64String(key), Convert.ToBase64String(value)));
        }

        await subject.BatchAsync(operations, "?keyEncoding=base64&valueEncoding=base64");
    }

    private static async Task<string> EntriesAsync(HttpSubject subject)
    {
        Answer page = await subject.GetAsync("/v1/entries?keyEncoding=hex&valueEncoding=hex");
        page.Entries.Count().ShouldBe(3000);
        return page.Text;
    }

    private static async Task<string> RunAsync(string line)
    {
        await using ChildProcess shell = ChildProcess.Start("sh", "-ec", line);
        string output = await shell.ReadToEndAsync();
        (await shell.WaitForExitAsync()).ShouldBe(0, await shell.Errors);
        return output;
    }
}

// The same with a client that NSwag generated and one that Kiota generated: what it prints is what the test expects.
using System.Net.Sockets;
using System.Text;
using Microsoft.Kiota.Abstractions.Authentication;
using Microsoft.Kiota.Abstractions.Serialization;
using Microsoft.Kiota.Http.HttpClientLibrary;

using HttpClient http = new(new SocketsHttpHandler
{
    ConnectCallback = async (_, cancelled) =>
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(args[0]), cancelled);
        return new NetworkStream(socket, ownsSocket: true);
    },
})
{
    BaseAddress = new("http://rave"),
};

await NSwagAsync();
await KiotaAsync();

async Task NSwagAsync()
{
    Generated.NSwag.Client rave = new(http) { BaseUrl = "http://rave/" };
    await rave.PutEntryAsync("n/a b", Bytes("world"));
    Say(await TextAsync((await rave.GetEntryAsync("n/a b")).Stream));
    await rave.BatchAsync(
    [
        new() { Type = "check", Key = "n/a b", Exists = true },
        new() { Type = "put", Key = "n/b", Value = "2" },
        new() { Type = "put", Key = "n/c", Value = "3" },
        new() { Type = "del", Key = "n/c" },
    ]);
    Say(string.Join(' ', (await rave.GetManyAsync(new() { Keys1 = ["n/b", "n/c"] })).Entries1.Select(entry => entry?.Value ?? "none")));
    Say((await rave.LoadEntriesAsync(Bytes("{\"key\":\"n/d\",\"value\":\"4\"}\n"))).Written);
    string? token = null;
    do
    {
        Generated.NSwag.Page page = await rave.GetEntriesAsync(prefix: token is null ? "n/" : null, pageSize: 2, continuation: token);
        Say(string.Join(' ', page.Entries.Select(entry => $"{entry.Key}={entry.Value}")));
        token = page.Continuation;
    }
    while (token is not null);

    Say((await rave.StatusAsync()).Leader.Epoch > int.MaxValue);
    try
    {
        await rave.GetEntryAsync("n/none");
    }
    catch (Generated.NSwag.ApiException<Generated.NSwag.Problem> failure)
    {
        Say($"{failure.StatusCode} {failure.Result.Code}");
    }
}

async Task KiotaAsync()
{
    HttpClientRequestAdapter adapter = new(new AnonymousAuthenticationProvider(), httpClient: http) { BaseUrl = "http://rave" };
    Generated.Kiota.RaveClient rave = new(adapter);
    await rave.V1.Kv["k/a b"].PutAsync(Bytes("world"));
    Say(await TextAsync((await rave.V1.Kv["k/a b"].GetAsync())!));
    await rave.V1.Batch.PostAsync(
    [
        new() { Type = "check", Key = "k/a b", Exists = true },
        new() { Type = "put", Key = "k/b", Value = new UntypedString("2") },
        new() { Type = "put", Key = "k/c", Value = new UntypedString("3") },
        new() { Type = "del", Key = "k/c" },
    ]);
    Generated.Kiota.Models.Entries found = (await rave.V1.GetMany.PostAsync(new() { KeysProp = ["k/b", "k/c"] }))!;
    Say(string.Join(' ', found.EntriesProp!.Select(entry => Value(entry?.Value))));
    Say((await rave.V1.Entries.PostAsync(Bytes("{\"key\":\"k/d\",\"value\":\"4\"}\n")))!.Written);
    string? token = null;
    do
    {
        Generated.Kiota.Models.Page page = (await rave.V1.Entries.GetAsync(asked =>
        {
            asked.QueryParameters.Prefix = token is null ? "k/" : null;
            asked.QueryParameters.PageSize = 2;
            asked.QueryParameters.Continuation = token;
        }))!;
        Say(string.Join(' ', page.Entries!.Select(entry => $"{entry.Key}={Value(entry.Value)}")));
        token = page.Continuation;
    }
    while (token is not null);

    Say((await rave.V1.Status.GetAsync())!.Leader!.Epoch > int.MaxValue);
    try
    {
        await rave.V1.Kv["k/none"].GetAsync();
    }
    catch (Generated.Kiota.Models.Problem failure)
    {
        Say($"{failure.ResponseStatusCode} {failure.Code}");
    }
}

static string Value(UntypedNode? value) => value is UntypedString text ? text.GetValue()! : "none";

static MemoryStream Bytes(string text) => new(Encoding.UTF8.GetBytes(text));

static async Task<string> TextAsync(Stream stream) => await new StreamReader(stream).ReadToEndAsync();

static void Say(object? what) => Console.WriteLine(what);

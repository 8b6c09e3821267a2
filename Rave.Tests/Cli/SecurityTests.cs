using System.Buffers.Text;
using Rave.Tests.Endpoints;
using Rave.Tests.Harness;

namespace Rave.Tests.Cli;

// Access over the socket and over --http. Other users are in OtherUserTests, and the spellings of headers in LoopbackGuardTests.
[Collection(LoopbackSuite.Name)]
public sealed class SecurityTests(SharedLoopback shared)
{
    private readonly LoopbackServer _server = shared.Server;

    [Fact]
    [Needs(Need.FileModes)]
    public void A_directory_that_we_create_is_0700_and_the_socket_0600()
    {
        File.GetUnixFileMode(_server.Location).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.GetUnixFileMode(_server.SocketPath).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public void The_address_is_a_loopback_address() => _server.Address.IsLoopback.ShouldBeTrue();

    [Fact]
    [Needs(Need.FileModes)]
    public void The_token_is_32_bytes_in_a_0600_file()
    {
        Base64Url.DecodeFromChars(_server.Token).Length.ShouldBe(32);
        File.GetUnixFileMode(_server.TokenPath).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Theory]
    [InlineData("Host: localhost")]
    [InlineData("Host: localhost", "Authorization: Bearer {other}")]
    [InlineData("Host: localhost", "Authorization: Basic {token}")]
    [InlineData("Host: rave", "Authorization: Bearer {token}")]
    [InlineData("Host: evil.example:{port}", "Authorization: Bearer {token}")]
    [InlineData("Host: localhost:{port}", "Authorization: Bearer {token}", "Origin: https://evil.example")]
    [InlineData("Host: localhost:{port}", "Authorization: Bearer {token}", "Origin: null")]
    [InlineData("Host: localhost:{port}", "Authorization: Bearer {token}", "Sec-Fetch-Site: cross-site")]
    public async Task A_missing_or_wrong_token_a_foreign_host_or_origin_is_403_and_nothing_is_written(params string[] headers)
    {
        string[] filled = [.. headers.Select(Fill)];
        (await AskAsync("PUT", "/v1/kv/se/never", [.. filled, "Content-Length: 0"])).ShouldBeProblem(403, "LEVEL_FORBIDDEN");
        (await AskAsync("DELETE", "/v1/entries?all=true", filled)).ShouldBeProblem(403, "LEVEL_FORBIDDEN");
        (await AskAsync("GET", "/v1/nowhere", filled)).ShouldBeProblem(403, "LEVEL_FORBIDDEN").ShouldNotContain(_server.Location);
        (await WireAnswer.AskAsync(_server.SocketPath, "GET /v1/kv/se/never")).Status.ShouldBe(404);
    }

    [Theory]
    [InlineData("Host: localhost")]
    [InlineData("Host: 127.0.0.1:{port}")]
    [InlineData("Host: [::1]")]
    [InlineData("Host: localhost:{port}", "Origin: http://localhost:{port}")]
    [InlineData("Host: localhost:{port}", "Sec-Fetch-Site: same-origin")]
    public async Task A_client_with_the_token_is_served_without_cors(params string[] headers)
    {
        WireAnswer health = await AskAsync("GET", "/healthz", [.. headers.Select(Fill), Fill("Authorization: Bearer {token}")]);
        health.Status.ShouldBe(200);
        health.Headers.Select(header => header.Key)
            .ShouldNotContain(name => name.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
        (await AskAsync("OPTIONS", "/v1/kv/a",
            [.. headers.Select(Fill), Fill("Authorization: Bearer {token}"), "Access-Control-Request-Method: PUT"]))
            .ShouldBeProblem(405, "LEVEL_INVALID_REQUEST");
    }

    [Fact]
    public async Task The_socket_takes_no_token() => (await WireAnswer.AskAsync(_server.SocketPath, "GET /healthz")).Body.ShouldBe("ok");

    private async Task<WireAnswer> AskAsync(string method, string target, params string[] headers) =>
        WireAnswer.Of(await _server.SendAsync(method, target, headers));

    private string Fill(string header) => header
        .Replace("{token}", _server.Token, StringComparison.Ordinal)
        .Replace("{other}", Base64Url.EncodeToString(new byte[32]), StringComparison.Ordinal)
        .Replace("{port}", _server.Address.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
}

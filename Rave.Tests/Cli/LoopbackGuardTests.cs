using System.Net;
using Rave.Tests.Harness;

namespace Rave.Tests.Cli;

// Access over the port of --http.
[Collection(LoopbackSuite.Name)]
public sealed class LoopbackGuardTests(SharedLoopback shared)
{
    private readonly LoopbackServer _server = shared.Server;

    [Fact]
    public async Task A_client_with_the_token_is_served_as_over_the_socket()
    {
        (await _server.Http.PutAsync("/v1/kv/tcp", new StringContent("value"))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await _server.Http.GetStringAsync("/v1/kv/tcp")).ShouldBe("value");
        (await RawHttp.SendAsync(_server.SocketPath, "GET", "/v1/kv/tcp")).Body.ShouldBe("value");
    }

    [Theory]
    [InlineData("")]
    [InlineData("Authorization: Bearer")]
    [InlineData("Authorization: Bearer wrong")]
    [InlineData("Authorization: Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("Authorization: Bearer {token}A")]
    [InlineData("Authorization: {token}")]
    [InlineData("Authorization: Basic {token}")]
    [InlineData("Authorization: Bearer {token}\r\nAuthorization: Bearer {token}")]
    [InlineData("Cookie: token={token}")]
    public async Task A_missing_or_wrong_token_is_403(string header)
    {
        string[] headers = header.Length == 0 ? [] : [header.Replace("{token}", _server.Token, StringComparison.Ordinal)];
        foreach (string target in (string[])["/v1/status", "/healthz", "/metrics", "/nowhere", "/v1/kv/a?x=1", "/docsx",
            "/openapi/v1.jsonx", "/openapi"])
        {
            ShouldBeForbidden(await _server.SendAsync("GET", target, ["Host: localhost", .. headers]));
        }

        ShouldBeForbidden(await _server.SendAsync("GET", $"/v1/status?token={_server.Token}", ["Host: localhost", .. headers]));
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("localhost:{port}")]
    [InlineData("LOCALHOST")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:{port}")]
    [InlineData("[::1]")]
    [InlineData("[::1]:{port}")]
    public async Task A_host_of_the_loopback_interface_is_served(string host) =>
        (await WithTokenAsync("/healthz", host)).Status.ShouldBe(200);

    [Theory]
    [InlineData("evil.com")]
    [InlineData("evil.com:{port}")]
    [InlineData("localhost.evil.com")]
    [InlineData("127.0.0.1.nip.io:{port}")]
    [InlineData("127.0.0.2")]
    [InlineData("0.0.0.0:{port}")]
    [InlineData("rave")]
    [InlineData("[::2]")]
    [InlineData("localhost.")]
    [InlineData("")]
    public async Task A_foreign_host_is_403(string host)
    {
        ShouldBeForbidden(await WithTokenAsync("/healthz", host));
        ShouldBeForbidden(await WithTokenAsync("/docs/index.html", host));
        ShouldBeForbidden(await WithTokenAsync("/openapi/v1.json", host));
    }

    [Theory]
    [InlineData("Origin: https://evil.com")]
    [InlineData("Origin: null")]
    [InlineData("Origin: http://localhost:1")]
    [InlineData("Origin: https://localhost:{port}")]
    [InlineData("Origin: http://127.0.0.1:{port}")]
    [InlineData("Origin: http://localhost:{port}\r\nOrigin: https://evil.com")]
    [InlineData("Sec-Fetch-Site: cross-site")]
    [InlineData("Sec-Fetch-Site: same-site")]
    [InlineData("Sec-Fetch-Site: none\r\nSec-Fetch-Site: cross-site")]
    public async Task A_request_from_another_origin_or_site_is_403(string header)
    {
        ShouldBeForbidden(await WithTokenAsync("/healthz", "localhost:{port}", header));
        ShouldBeForbidden(await WithTokenAsync("/docs/index.html", "localhost:{port}", header));
    }

    [Theory]
    [InlineData("Origin: http://localhost:{port}")]
    [InlineData("Sec-Fetch-Site: same-origin")]
    [InlineData("Sec-Fetch-Site: none")]
    public async Task A_request_from_the_own_page_is_served(string header) =>
        (await WithTokenAsync("/healthz", "localhost:{port}", header)).Status.ShouldBe(200);

    [Fact]
    public async Task CORS_never_admits_a_page()
    {
        RawResponse preflight = await _server.SendAsync(
            "OPTIONS", "/v1/status", "Host: localhost", "Origin: https://evil.com", "Access-Control-Request-Method: GET",
                "Access-Control-Request-Headers: authorization");
        ShouldBeForbidden(preflight);
        RawResponse own = await WithTokenAsync("/v1/status", "localhost:{port}", "Origin: http://localhost:{port}");
        own.Status.ShouldBe(200);
        own.Head.ShouldNotContain("Access-Control-");
    }

    [Fact]
    public async Task Only_the_documentation_loads_without_the_token()
    {
        (await _server.SendAsync("GET", "/docs/index.html", "Host: localhost")).Status.ShouldBe(200);
        (await _server.SendAsync("GET", "/docs/swagger-ui.css", "Host: localhost")).Status.ShouldBe(200);
        (await _server.SendAsync("GET", "/openapi/v1.json", "Host: localhost")).Status.ShouldBe(200);
        (await _server.SendAsync("GET", "/docs", "Host: localhost")).Status.ShouldBe(301);
        (await _server.SendAsync("GET", "/docs/nothing", "Host: localhost")).Status.ShouldBe(404);
        ShouldBeForbidden(await _server.SendAsync("DELETE", "/docs/index.html", "Host: localhost"));
        ShouldBeForbidden(await _server.SendAsync("POST", "/openapi/v1.json", "Host: localhost", "Content-Length: 0"));
    }

    [Theory]
    [InlineData("/docs/../v1/status")]
    [InlineData("/docs/%2e%2e/v1/status")]
    [InlineData("http://localhost/docs/../v1/status")]
    public async Task No_path_of_the_documentation_reaches_the_data(string target) =>
        (await _server.SendAsync("GET", target, "Host: localhost")).Status.ShouldBe(400);

    [Fact]
    public async Task The_socket_needs_no_token_and_has_no_page()
    {
        (await RawHttp.SendAsync(_server.SocketPath, "GET", "/healthz", "Origin: https://evil.com")).Status.ShouldBe(200);
        (await RawHttp.SendAsync(_server.SocketPath, "GET", "/docs")).Status.ShouldBe(404);
        (await RawHttp.SendAsync(_server.SocketPath, "GET", "/docs/index.html")).Status.ShouldBe(404);
    }

    private Task<RawResponse> WithTokenAsync(string target, string host, params string[] headers) =>
        _server.SendAsync("GET", target, [$"Host: {Own(host)}", $"Authorization: Bearer {_server.Token}", .. headers.Select(Own)]);

    private string Own(string text) =>
        text.Replace("{port}", _server.Address.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private static void ShouldBeForbidden(RawResponse answer)
    {
        answer.Status.ShouldBe(403, answer.Body);
        answer.Head.ShouldContain("application/problem+json");
        answer.Body.ShouldContain("LEVEL_FORBIDDEN");
        answer.Head.ShouldNotContain("Access-Control-");
    }
}

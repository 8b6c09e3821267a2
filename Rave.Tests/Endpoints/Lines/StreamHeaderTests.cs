using System.Net.Sockets;
using Rave.Tests.Etcd;
using Rave.Tests.Harness;

namespace Rave.Tests.Endpoints;

// A stream passes proxies without being buffered.
public abstract class StreamHeaderTests(HttpSubject subject)
{
    public sealed class OnLevelDb(SharedLeader leader) : StreamHeaderTests(leader), IClassFixture<SharedLeader>;

    public sealed class OnEtcd(SharedGateway gateway) : StreamHeaderTests(gateway), IClassFixture<SharedGateway>
    {
        [Differs(Differences.Leader)]
        public override async Task Every_stream_has_headers_against_buffering_and_caching(string target, string type) =>
            await gateway.OrNotOfferedAsync(target == "/v1/leader", "GET", target,
                () => base.Every_stream_has_headers_against_buffering_and_caching(target, type));
    }

    [Theory]
    [InlineData("/v1/changes", "text/event-stream")]
    [InlineData("/v1/leader", "text/event-stream")]
    [InlineData("/v1/entries", "application/x-ndjson")]
    public virtual async Task Every_stream_has_headers_against_buffering_and_caching(string target, string type)
    {
        await subject.FillAsync("stream/a");
        using HttpClient http = LiveLeader.Client(subject.SocketPath);
        using HttpRequestMessage request = new(HttpMethod.Get, target);
        request.Headers.TryAddWithoutValidation("Accept", type);
        using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.Content.Headers.ContentType!.MediaType.ShouldBe(type);
        response.Headers.GetValues("X-Accel-Buffering").ShouldBe(["no"]);
        response.Headers.CacheControl!.NoCache.ShouldBeTrue();
    }

    [Fact]
    [Needs(Need.Nginx)]
    public async Task Changes_pass_an_nginx_with_its_defaults_at_once()
    {
        using TempDirectory directory = new();
        string socket = directory["nginx.sock"];
        await File.WriteAllTextAsync(
            directory["nginx.conf"],
            $$"""
            {{(Environment.IsPrivilegedProcess ? "user root;" : "")}}
            daemon off; pid {{directory["pid"]}}; error_log {{directory["errors"]}};
            events { }
            http {
              access_log off; client_body_temp_path {{directory["body"]}}; proxy_temp_path {{directory["proxy"]}};
              fastcgi_temp_path {{directory["fastcgi"]}}; uwsgi_temp_path {{directory["uwsgi"]}}; scgi_temp_path {{directory["scgi"]}};
              server { listen unix:{{socket}}; location / { proxy_pass http://unix:{{subject.SocketPath}}; } }
            }
            """);
        await using ChildProcess nginx =
            ChildProcess.Start(Machine.Nginx, "-c", directory["nginx.conf"], "-p", directory.Path, "-e", directory["errors"]);
        await Waiting.UntilAsync("nginx listens", () => Listens(socket) || nginx.HasExited);
        nginx.HasExited.ShouldBeFalse();
        // The greeting is much shorter than nginx's buffer.
        await using EventStream changes = await EventStream.OpenAsync(socket, "/v1/changes?prefix=nginx/");
        await subject.FillAsync("nginx/a");
        (await changes.NextAsync())!.Data.ShouldContain("nginx/a");
    }

    private static bool Listens(string path)
    {
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

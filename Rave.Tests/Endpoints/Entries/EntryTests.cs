using Rave.Tests.Etcd;

namespace Rave.Tests.Endpoints;

public abstract class EntryTests(HttpSubject subject)
{
    public sealed class OnLevelDb(SharedLeader leader) : EntryTests(leader), IClassFixture<SharedLeader>;

    public sealed class OnEtcd(SharedGateway gateway) : EntryTests(gateway), IClassFixture<SharedGateway>
    {
        [Differs(Differences.Value)]
        public override async Task A_large_value_is_read_back_unchanged(int length)
        {
            if (length <= 1 << 20)
            {
                await base.A_large_value_is_read_back_unchanged(length);
                return;
            }

            (await gateway.PutAsync("/v1/kv/large", new byte[length])).ShouldBeProblem(413, "LEVEL_TOO_LARGE").ShouldContain("1048576");
        }
    }

    [Fact]
    public async Task Get_returns_the_value_of_a_put()
    {
        Answer put = await subject.PutAsync("/v1/kv/hello", "world");
        put.Status.ShouldBe(204);
        put.Bytes.ShouldBeEmpty();
        Answer got = await subject.GetAsync("/v1/kv/hello");
        got.Status.ShouldBe(200);
        got.Text.ShouldBe("world");
        got.MediaType.ShouldBe("application/octet-stream");
        got.Headers["Content-Length"].ShouldBe(["5"]);
    }

    [Fact]
    public async Task A_second_put_replaces_the_first()
    {
        await subject.PutAsync("/v1/kv/twice", "a longer first value");
        (await subject.PutAsync("/v1/kv/twice?sync=true", "second")).Status.ShouldBe(204);
        (await subject.GetAsync("/v1/kv/twice")).Text.ShouldBe("second");
    }

    [Fact]
    public async Task Head_has_the_headers_of_get_and_no_body()
    {
        await subject.PutAsync("/v1/kv/head", "12345678");
        Answer head = await subject.SendAsync("HEAD", "/v1/kv/head");
        head.Status.ShouldBe(200);
        head.Bytes.ShouldBeEmpty();
        head.Headers["Content-Length"].ShouldBe(["8"]);
        head.MediaType.ShouldBe("application/octet-stream");
    }

    [Fact]
    public async Task Head_of_a_missing_key_is_404_without_a_body()
    {
        Answer head = await subject.SendAsync("HEAD", "/v1/kv/no-head");
        head.Status.ShouldBe(404);
        head.Bytes.ShouldBeEmpty();
        head.MediaType.ShouldBe("application/problem+json");
    }

    [Fact]
    public async Task A_missing_key_is_404()
    {
        Answer got = await subject.GetAsync("/v1/kv/nowhere");
        got.ShouldBeProblem(404, "LEVEL_NOT_FOUND").ShouldContain("'nowhere'");
    }

    [Fact]
    public async Task A_deleted_key_is_gone_and_deleting_it_again_is_fine()
    {
        await subject.PutAsync("/v1/kv/gone", "x");
        (await subject.DeleteAsync("/v1/kv/gone")).Status.ShouldBe(204);
        (await subject.GetAsync("/v1/kv/gone")).Status.ShouldBe(404);
        (await subject.DeleteAsync("/v1/kv/gone?sync=true")).Status.ShouldBe(204);
    }

    [Fact]
    public async Task An_empty_value_differs_from_a_missing_one()
    {
        (await subject.PutAsync("/v1/kv/empty", "")).Status.ShouldBe(204);
        Answer got = await subject.GetAsync("/v1/kv/empty");
        got.Status.ShouldBe(200);
        got.Bytes.ShouldBeEmpty();
        got.Headers["Content-Length"].ShouldBe(["0"]);
    }

    [Fact]
    public async Task A_put_without_a_body_puts_the_empty_value()
    {
        await subject.PutAsync("/v1/kv/bodyless", "x");
        (await subject.SendAsync("PUT", "/v1/kv/bodyless")).Status.ShouldBe(204);
        (await subject.GetAsync("/v1/kv/bodyless")).Bytes.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_empty_key_is_a_key()
    {
        (await subject.GetAsync("/v1/kv/")).Status.ShouldBe(404);
        (await subject.PutAsync("/v1/kv/", "of nothing")).Status.ShouldBe(204);
        (await subject.GetAsync("/v1/kv/")).Text.ShouldBe("of nothing");
        (await subject.GetAsync("/v1/kv/?keyEncoding=hex")).Text.ShouldBe("of nothing");
        (await subject.DeleteAsync("/v1/kv/")).Status.ShouldBe(204);
        (await subject.GetAsync("/v1/kv/")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Every_byte_of_a_value_is_read_back()
    {
        byte[] value = [.. Enumerable.Range(0, 256).Select(b => (byte)b)];
        await subject.PutAsync("/v1/kv/bytes", value);
        (await subject.GetAsync("/v1/kv/bytes")).Bytes.ShouldBe(value);
    }

    [Theory]
    [InlineData(4096)]
    [InlineData(1 << 20)]
    [InlineData((1 << 20) + 1)]
    [InlineData(30_000_001)]
    public virtual async Task A_large_value_is_read_back_unchanged(int length)
    {
        byte[] value = new byte[length];
        new Random(length).NextBytes(value);
        (await subject.PutAsync($"/v1/kv/large-{length}", value)).Status.ShouldBe(204);
        (await subject.GetAsync($"/v1/kv/large-{length}")).Bytes.AsSpan().SequenceEqual(value).ShouldBeTrue();
    }

    [Fact]
    public async Task A_value_may_be_sent_in_chunks_of_unknown_length()
    {
        byte[] value = new byte[300_000];
        new Random(1).NextBytes(value);
        using PushedContent chunked = new(value);
        (await subject.SendAsync("PUT", "/v1/kv/chunked", chunked)).Status.ShouldBe(204);
        (await subject.GetAsync("/v1/kv/chunked")).Bytes.ShouldBe(value);
    }

    [Theory]
    [InlineData("GET", "/v1/kv/ignored", 200)]
    [InlineData("DELETE", "/v1/kv/ignored-too", 204)]
    [InlineData("GET", "/v1/count", 200)]
    public async Task A_route_without_a_body_ignores_one(string method, string target, int status)
    {
        await subject.PutAsync("/v1/kv/ignored", "x");
        (await subject.SendAsync(method, target, new StringContent("{ not json"))).Status.ShouldBe(status);
    }

    [Theory]
    [InlineData("GET", "world")]
    [InlineData("HEAD", "")]
    public async Task Get_and_head_are_200_with_the_value_as_it_is(string method, string body)
    {
        await subject.AskAsync("PUT /v1/kv/oe/get", "world");
        WireAnswer got = await subject.AskAsync($"{method} /v1/kv/oe/get");
        got.Status.ShouldBe(200);
        got.Body.ShouldBe(body);
        got.Header("Content-Type").ShouldBe("application/octet-stream");
        got.Header("Content-Length").ShouldBe("5");
        got.Header("ETag").ShouldBe("\"486ea46224d1bb4fb680f34f7c9ad96a\"");
    }

    [Fact]
    public async Task Get_and_head_of_a_missing_key_are_404()
    {
        (await subject.AskAsync("GET /v1/kv/oe/none")).ShouldBeProblem(404, "LEVEL_NOT_FOUND");
        WireAnswer head = await subject.AskAsync("HEAD /v1/kv/oe/none");
        head.Status.ShouldBe(404);
        head.Body.ShouldBeEmpty();
    }

    [Fact]
    public async Task Delete_is_204_also_when_the_key_was_not_there()
    {
        await subject.FillAsync("oe/delete");
        (await subject.AskAsync("DELETE /v1/kv/oe/delete?sync=true")).Status.ShouldBe(204);
        (await subject.AskAsync("GET /v1/kv/oe/delete")).Status.ShouldBe(404);
        (await subject.AskAsync("DELETE /v1/kv/oe/delete")).Status.ShouldBe(204);
    }

    // Content that does not know its length, so that it travels chunked.
    private sealed class PushedContent(byte[] bytes) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            for (int at = 0; at < bytes.Length; at += 10_000)
            {
                await stream.WriteAsync(bytes.AsMemory(at, Math.Min(10_000, bytes.Length - at)));
                await stream.FlushAsync();
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}

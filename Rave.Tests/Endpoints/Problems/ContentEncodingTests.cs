using System.Net.Http.Headers;
using System.Text;
using Rave.Tests.Harness;

namespace Rave.Tests.Endpoints;

// Bodies are stored unchanged. So a body with a content encoding, or a part of a value, is refused and never stored as the value.
public abstract class ContentEncodingTests(HttpSubject subject)
{
    public sealed class OnLevelDb(SharedLeader leader) : ContentEncodingTests(leader), IClassFixture<SharedLeader>;

    public sealed class OnEtcd(SharedGateway gateway) : ContentEncodingTests(gateway), IClassFixture<SharedGateway>;

    public static TheoryData<string, string, string, string> Bodies { get; } = new()
    {
        { "PUT", "/v1/kv/packed", "application/octet-stream", "1" },
        { "POST", "/v1/batch", "application/json", """[{"type":"put","key":"packed","value":"1"}]""" },
        { "POST", "/v1/batch", "application/vnd.rave.operations; v=1", "" },
        { "POST", "/v1/get-many", "application/json", """{"keys":["packed"]}""" },
        { "POST", "/v1/has-many", "application/json", """{"keys":["packed"]}""" },
        { "POST", "/v1/entries", "application/x-ndjson", """{"key":"packed","value":"1"}""" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_body_with_a_content_encoding_is_415_and_nothing_is_written(string method, string target, string type, string body)
    {
        await subject.DeleteAsync("/v1/kv/packed");
        foreach (string encoding in (string[])["gzip", "br", "identity, gzip", "GZIP", "zstd", "x"])
        {
            Answer refused = await SendAsync(method, target, type, body, encoding);
            refused.ShouldBeProblem(415, "LEVEL_INVALID_REQUEST").ShouldContain("Content-Encoding");
        }

        (await subject.GetAsync("/v1/kv/packed")).Status.ShouldBe(404);
        (await SendAsync(method, target, type, body, "identity")).Status.ShouldBeInRange(200, 204);
        (await SendAsync(method, target, type, body, "Identity")).Status.ShouldBeInRange(200, 204);
    }

    [Fact]
    public async Task A_part_of_a_value_is_refused()
    {
        (await subject.PutAsync("/v1/kv/part", "whole")).Status.ShouldBe(204);
        using ByteArrayContent part = new("W"u8.ToArray());
        part.Headers.ContentRange = new ContentRangeHeaderValue(0, 0, 5);
        (await subject.SendAsync("PUT", "/v1/kv/part", part)).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST").ShouldContain("Content-Range");
        (await subject.GetAsync("/v1/kv/part")).Text.ShouldBe("whole");
    }

    [Fact]
    public async Task A_compressed_transfer_encoding_is_refused()
    {
        RawResponse refused = await RawHttp.SendAsync(
            subject.SocketPath, "PUT /v1/kv/transfer HTTP/1.1\r\nHost: rave\r\nTransfer-Encoding: gzip, chunked\r\n"
                + "Connection: close\r\n\r\n1\r\nx\r\n0\r\n\r\n");
        refused.Status.ShouldBeInRange(400, 499);
        (await subject.GetAsync("/v1/kv/transfer")).Status.ShouldBe(404);
    }

    private async Task<Answer> SendAsync(string method, string target, string type, string body, string encoding)
    {
        using ByteArrayContent content = new(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        return await subject.SendAsync(method, target, content);
    }
}

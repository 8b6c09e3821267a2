using System.Net.Http.Headers;
using System.Net;
using Rave.Tests.Etcd;
using Rave.Tests.Harness;

namespace Rave.Tests.Endpoints;

// A client that sends the key relies on it: the write is applied once, or the request is refused.
public abstract class IdempotencyKeyTests(HttpSubject subject)
{
    public sealed class OnLevelDb(SharedLeader leader) : IdempotencyKeyTests(leader), IClassFixture<SharedLeader>
    {
        [Fact]
        public async Task A_later_leader_gives_the_same_answers()
        {
            using TempDirectory directory = new();
            await using (LiveLeader first = await LiveLeader.StartAtAsync(directory["db"]))
            {
                foreach ((string value, int number) in ((string, int)[])[("one", 1), ("two", 2)])
                {
                    HttpRequestMessage put = new(HttpMethod.Put, "/v1/kv/a") { Content = new StringContent(value) };
                    put.Headers.Add(Key(number).Item1, Key(number).Item2);
                    (await first.Http.SendAsync(put)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
                }

                await first.Process.KillAsync();
            }

            await using SharedLeader second = await SharedLeader.OfAsync(directory["db"]);
            await second.PutAsync("/v1/kv/a", "of somebody else");
            Answer again = await second.PutAsync("/v1/kv/a", "two", Key(2));
            again.Status.ShouldBe(204);
            again.Headers["ETag"].Single().ShouldBe(Tags.Of("two"));
            (await second.PutAsync("/v1/kv/a", "one", Key(1))).ShouldBeProblem(409, "LEVEL_STALE_RETRY");
            (await second.GetAsync("/v1/entries")).Text
                .ShouldBe("""{"entries":[{"key":"a","value":"of somebody else"}],"continuation":null}""");
        }
    }

    public sealed class OnEtcd(SharedGateway gateway) : IdempotencyKeyTests(gateway), IClassFixture<SharedGateway>
    {
        [Differs(Differences.Malformed)]
        public override async Task An_invalid_request_decides_its_number_too(string batch, int status)
        {
            (await BatchAsync(batch, Key(1))).Status.ShouldBe(status);
            (await BatchAsync(batch, Key(1))).Status.ShouldBe(status);
            // Only what the cluster has refused is recorded there.
            (await BatchAsync("""[{"type":"put","key":"not-at-fault","value":"1"}]""", Key(1))).Status
                .ShouldBe(status == 400 ? 204 : status);
        }

        [Fact]
        [Differs(Differences.Retry)]
        public async Task Every_gateway_answers_alike_refusals_included()
        {
            await using SharedGateway other = await gateway.OfSameDatabaseAsync();
            (await gateway.PutAsync("/v1/kv/alike", "1", Key(1))).Status.ShouldBe(204);
            (await gateway.PutAsync("/v1/kv/alike", "2", Key(2), ("If-None-Match", "*"))).Status.ShouldBe(412);
            await gateway.DeleteAsync("/v1/kv/alike");
            (await other.PutAsync("/v1/kv/alike", "2", Key(2), ("If-None-Match", "*"))).ShouldBeProblem(412, "LEVEL_PRECONDITION_FAILED");
            (await other.PutAsync("/v1/kv/alike", "1", Key(1))).ShouldBeProblem(409, "LEVEL_STALE_RETRY");
            (await other.GetAsync("/v1/kv/alike")).Status.ShouldBe(404);
        }
    }

    private static int s_sessions;

    private readonly string _session = $"idempotency-test-{Interlocked.Increment(ref s_sessions)}";

    [Theory]
    [InlineData("GET", "/v1/kv/kept")]
    [InlineData("POST", "/v1/entries")]
    [InlineData("GET", "/v1/entries")]
    [InlineData("POST", "/v1/snapshots")]
    [InlineData("DELETE", "/v1/sessions/0123456789abcdef")]
    [InlineData("GET", "/healthz")]
    public async Task A_key_without_effect_is_refused(string method, string target)
    {
        (await subject.SendAsync(method, target, null, Key(1))).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST")
            .ShouldContain("'Idempotency-Key'");
        (await subject.SendAsync(method, target, null, ("idempotency-key", ""))).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST");
    }

    [Theory]
    [InlineData("")]
    [InlineData("0123456789abcdef")]
    [InlineData("0123456789abcdef;")]
    [InlineData(";1")]
    [InlineData("0123456789abcde;1")]
    [InlineData("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0;1")]
    [InlineData("0123456789abcdef;01")]
    [InlineData("0123456789abcdef;x")]
    [InlineData("0123456789abcde!;1")]
    [InlineData("short;1")]
    [InlineData("0123456789abcdef;+1")]
    [InlineData("0123456789abcdef;-1")]
    [InlineData("0123456789abcdef; 1")]
    [InlineData("0123456789abcdef;1.0")]
    [InlineData("0123456789abcdef;1;2")]
    [InlineData("0123456789abcdef;9223372036854775808")]
    [InlineData("0123456789abcde.;1")]
    [InlineData("0123456789abcdef;1,0123456789abcdef;2")]
    [InlineData("\"0123456789abcdef;1\"")]
    public async Task A_key_has_one_spelling(string key)
    {
        (await subject.PutAsync("/v1/kv/spelling", "1", ("Idempotency-Key", key))).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST")
            .ShouldContain("<session>;<n>");
        (await subject.GetAsync("/v1/kv/spelling")).Status.ShouldBe(404);
    }

    [Theory]
    [InlineData("abcdefghijklmnop;0")]
    [InlineData("ABCDEFGHIJKLMNOPQRSTUVWXYZ-_0123456789;9223372036854775807")]
    [InlineData("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef;1")]
    public async Task Every_session_and_number_within_the_limits_is_accepted(string key) =>
        (await subject.PutAsync("/v1/kv/taken", "1", ("Idempotency-Key", key))).Status.ShouldBe(204);

    [Fact]
    public async Task The_same_number_again_has_the_same_outcome_and_applies_nothing()
    {
        Answer first = await subject.PutAsync("/v1/kv/same", "one", Key(1));
        Answer again = await subject.PutAsync("/v1/kv/same", "two", Key(1));
        again.Status.ShouldBe(204);
        again.Headers["ETag"].ShouldBe(first.Headers["ETag"]);
        first.Headers["ETag"].Single().ShouldBe(Tags.Of("one"));
        (await subject.GetAsync("/v1/kv/same")).Text.ShouldBe("one");

        (await subject.DeleteAsync("/v1/kv/same", Key(2))).Status.ShouldBe(204);
        await subject.PutAsync("/v1/kv/same", "back");
        (await subject.DeleteAsync("/v1/kv/same", Key(2))).Headers["ETag"].ShouldBeEmpty();
        (await BatchAsync("""[{"type":"del","key":"same"}]""", Key(2))).Status.ShouldBe(204);
        (await subject.GetAsync("/v1/kv/same")).Text.ShouldBe("back");

        (await BatchAsync("""[{"type":"del","key":"same"}]""", Key(7))).Status.ShouldBe(204);
        (await subject.GetAsync("/v1/kv/same")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task A_lower_number_is_refused_and_never_a_success()
    {
        await subject.PutAsync("/v1/kv/lower", "five", Key(5));
        (await subject.PutAsync("/v1/kv/lower", "four", Key(4))).ShouldBeProblem(409, "LEVEL_STALE_RETRY");
        (await subject.DeleteAsync("/v1/kv/lower", Key(0))).ShouldBeProblem(409, "LEVEL_STALE_RETRY");
        (await BatchAsync("[]", Key(4))).ShouldBeProblem(409, "LEVEL_STALE_RETRY");
        (await subject.DeleteAsync("/v1/entries?prefix=lower", Key(4))).ShouldBeProblem(409, "LEVEL_STALE_RETRY");
        (await subject.GetAsync("/v1/kv/lower")).Text.ShouldBe("five");
    }

    [Fact]
    public async Task An_empty_batch_counts_like_any_write()
    {
        (await BatchAsync("[]", Key(3))).Status.ShouldBe(204);
        (await subject.PutAsync("/v1/kv/empty", "late", Key(2))).ShouldBeProblem(409, "LEVEL_STALE_RETRY");
    }

    [Fact]
    public async Task A_refused_write_stays_refused_when_its_duplicate_arrives_late()
    {
        (await subject.PutAsync("/v1/kv/refused", "1", Key(1), ("If-Match", "*"))).ShouldBeProblem(412, "LEVEL_PRECONDITION_FAILED");
        await subject.PutAsync("/v1/kv/refused", "there by now");
        (await subject.PutAsync("/v1/kv/refused", "1", Key(1), ("If-Match", "*"))).ShouldBeProblem(412, "LEVEL_PRECONDITION_FAILED");
        (await subject.PutAsync("/v1/kv/refused", "0", Key(0))).ShouldBeProblem(409, "LEVEL_STALE_RETRY");
        (await subject.GetAsync("/v1/kv/refused")).Text.ShouldBe("there by now");
        (await subject.PutAsync("/v1/kv/refused", "2", Key(2), ("If-Match", "*"))).Status.ShouldBe(204);
    }

    [Theory]
    [InlineData("""[{"type":"put","key":"at-fault"}]""", 400)]
    [InlineData("""[{"type":"put","key":"at-fault","value":"1","more":1}]""", 400)]
    [InlineData("""[{"type":"check","key":"at-fault","exists":true}]""", 412)]
    public virtual async Task An_invalid_request_decides_its_number_too(string batch, int status)
    {
        (await BatchAsync(batch, Key(1))).Status.ShouldBe(status);
        (await BatchAsync("""[{"type":"put","key":"at-fault","value":"1"}]""", Key(1))).Status.ShouldBe(status);
        (await subject.GetAsync("/v1/kv/at-fault")).Status.ShouldBe(404);
        (await subject.PutAsync("/v1/kv/not-known?sinc=true", "1", Key(2))).Status.ShouldBe(400);
        (await subject.PutAsync("/v1/kv/not-known", "1", Key(2))).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST").ShouldContain("sinc");
    }

    [Fact]
    public async Task A_clear_is_applied_once()
    {
        await subject.FillAsync("cleared-1", "cleared-2", "cleared-3");
        (await subject.DeleteAsync("/v1/entries?prefix=cleared-&limit=2", Key(1))).Status.ShouldBe(204);
        (await subject.DeleteAsync("/v1/entries?prefix=cleared-&limit=2", Key(1))).Status.ShouldBe(204);
        (await subject.GetAsync("/v1/entries?prefix=cleared-")).Keys.ShouldBe("cleared-3");
        (await subject.DeleteAsync("/v1/entries?prefix=none-such", Key(2))).Status.ShouldBe(204);
        (await subject.PutAsync("/v1/kv/cleared-4", "1", Key(1))).ShouldBeProblem(409, "LEVEL_STALE_RETRY");
    }

    [Fact]
    public async Task A_session_that_was_ended_starts_again()
    {
        await subject.PutAsync("/v1/kv/ended", "5", Key(5));
        (await subject.DeleteAsync($"/v1/sessions/{_session}")).Status.ShouldBe(204);
        (await subject.DeleteAsync($"/v1/sessions/{_session}")).Status.ShouldBe(204);
        (await subject.PutAsync("/v1/kv/ended", "1", Key(1))).Status.ShouldBe(204);
        (await subject.GetAsync("/v1/kv/ended")).Text.ShouldBe("1");
        (await subject.DeleteAsync("/v1/sessions/short")).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST");
    }

    [Fact]
    public async Task N_equal_to_the_last_is_that_outcome_again_and_nothing_is_applied()
    {
        string key = KeyLine("retry-equal-0000", 1);
        (await subject.AskAsync("PUT /v1/kv/re/equal", "1", key)).Header("ETag").ShouldBe(Tags.Of("1"));
        await subject.AskAsync("PUT /v1/kv/re/equal", "somebody else's");
        WireAnswer again = await subject.AskAsync("PUT /v1/kv/re/equal", "1", key);
        again.Status.ShouldBe(204);
        again.Header("ETag").ShouldBe(Tags.Of("1"));
        (await subject.AskAsync("GET /v1/kv/re/equal")).Body.ShouldBe("somebody else's");
    }

    [Fact]
    public async Task A_refused_write_is_decided_and_its_late_duplicate_is_not_executed()
    {
        string key = KeyLine("retry-refused-00", 1);
        (await subject.AskAsync("PUT /v1/kv/re/refused", "1", key, $"If-Match: {Tags.Foreign}"))
            .ShouldBeProblem(412, "LEVEL_PRECONDITION_FAILED");
        (await subject.AskAsync("PUT /v1/kv/re/refused", "1", key)).Status.ShouldBeGreaterThanOrEqualTo(400);
        (await subject.AskAsync("GET /v1/kv/re/refused")).Status.ShouldBe(404);
    }

    [Theory]
    [InlineData("DELETE /v1/kv/re/any/a", null)]
    [InlineData("POST /v1/batch", "[{\"type\":\"del\",\"key\":\"re/any/a\"}]")]
    [InlineData("DELETE /v1/entries?prefix=re/any/", null)]
    public async Task Every_write_accepts_it(string request, string? body)
    {
        string key = KeyLine($"retry-any-{(uint)request.GetHashCode(StringComparison.Ordinal):x8}", 1);
        await subject.FillAsync("re/any/a");
        (await subject.AskAsync(request, body, HttpSubject.Json, key)).Status.ShouldBe(204);
        await subject.FillAsync("re/any/a");
        (await subject.AskAsync(request, body, HttpSubject.Json, key)).Status.ShouldBe(204);
        (await subject.AskAsync("GET /v1/kv/re/any/a")).Status.ShouldBe(200, "the second attempt did nothing");
    }

    [Theory]
    [InlineData("GET /v1/entries?gte=ffff726176650000&lt=ffff726176650100&keyEncoding=hex", "{\"entries\":[],\"continuation\":null}")]
    [InlineData("GET /v1/count?gte=ffff72617665&keyEncoding=hex", "{\"count\":0}")]
    public async Task No_read_shows_the_records(string request, string answer)
    {
        await subject.AskAsync("PUT /v1/kv/re/hidden", "1", KeyLine("retry-hidden-000", 1));
        (await subject.AskAsync(request)).Body.ShouldBe(answer);
    }

    private (string, string) Key(long number) => ("Idempotency-Key", $"{_session};{number}");

    private Task<Answer> BatchAsync(string json, (string, string) key) => subject.SendAsync(
        "POST", "/v1/batch", new StringContent(json, new MediaTypeHeaderValue("application/json")), key);

    private static string KeyLine(string session, int n) => $"Idempotency-Key: {session};{n}";
}

using Rave.Client;
using Rave.Server.Protocol;
using Rave.Tests.Harness;

namespace Rave.Tests.Client;

// Messages: keys as they were typed, and one sentence for each mistake, on leaders and followers.
public sealed class MessageTests
{
    [Theory]
    [InlineData("6772c3b6c39f65", "'größe'")]
    [InlineData("", "''")]
    [InlineData("00ff", "00ff (hex)")]
    [InlineData("610a62", "610a62 (hex)")]
    [InlineData("1b5b306d", "1b5b306d (hex)")]
    [InlineData("c3", "c3 (hex)")]
    public void A_key_is_shown_as_text_if_it_is_text(string key, string shown) => KeyText.Of(Convert.FromHexString(key)).ShouldBe(shown);

    [Fact]
    public void A_long_key_is_cut_between_two_characters()
    {
        KeyText.Of(System.Text.Encoding.UTF8.GetBytes("a" + new string('ß', 100))).ShouldBe($"'a{new string('ß', 31)}…'");
        KeyText.Of(new byte[100]).ShouldBe($"{new string('0', 128)}… (hex)");
    }

    [Fact]
    public async Task A_leader_and_a_follower_report_the_same_mistake_equally()
    {
        using TempDirectory directory = new();
        RaveOptions few = new() { Limits = new() { BatchOperations = 10, BodyBytes = 2_000, KeyBytes = 100, ValueBytes = 1_000 } };
        await using RaveLevel leader = await RaveLevel.OpenAsync(directory["db"], few);
        await using RaveLevel follower = await RaveLevel.OpenAsync(directory["db"], few with { CanLead = false });
        await leader.WithEncodings(Encodings.Utf8, Encodings.Bytes).PutAsync("größe", [0xff]);
        (Func<RaveLevel, Task> Mistake, string Says)[] mistakes =
        [
            (db => db.BatchAsync(Enumerable.Range(0, 11).Select(i => BatchOperation.Put($"{i}", ""))).AsTask(), "at most 10 operations"),
            (db => db.BatchAsync(Enumerable.Range(0, 3).Select(i => BatchOperation.Put($"{i}", new string('x', 900)))).AsTask(),
                "at most 2000 bytes"),
            (db => db.PutAsync(new string('k', 101), "").AsTask(), "The key has 101 bytes"),
            (db => db.PutAsync("k", new string('v', 1_001)).AsTask(), "The value has 1001 bytes"),
            (db => db.GetAsync("größe").AsTask(), "'größe'"),
            (db => db.Batch().Put("a", "1").Check("größe", Condition.Missing).WriteAsync().AsTask(), "'größe'"),
        ];
        foreach ((Func<RaveLevel, Task> mistake, string says) in mistakes)
        {
            RaveException leaders = await Should.ThrowAsync<RaveException>(() => mistake(leader));
            RaveException followers = await Should.ThrowAsync<RaveException>(() => mistake(follower));
            leaders.Message.ShouldContain(says);
            leaders.Message.ShouldNotContain("..");
            followers.Message.ShouldBe(leaders.Message);
            followers.Code.ShouldBe(leaders.Code);
        }
    }

    [Fact]
    public async Task Text_that_cannot_be_encoded_is_an_argument_exception_on_both()
    {
        using TempDirectory directory = new();
        await using RaveLevel leader = await RaveLevel.OpenAsync(directory["db"]);
        await using RaveLevel follower = await RaveLevel.OpenAsync(directory["db"], new() { CanLead = false });
        foreach (RaveLevel db in (RaveLevel[])[leader, follower])
        {
            await Should.ThrowAsync<ArgumentException>(async () => await db.PutAsync("\ud800", "1"));
            await Should.ThrowAsync<ArgumentException>(async () => await db.PutAsync("a", "\udc00"));
            await Should.ThrowAsync<ArgumentException>(async () => await db.GetAsync("\ud800"));
        }
    }
}

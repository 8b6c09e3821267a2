using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Rave.Client;

namespace Rave.Tests.Client;

public sealed partial class EncodingTests(Subjects subjects) : IClassFixture<Subjects>
{
    [Theory, EverySubject]
    public async Task Bytes_are_stored_as_they_are(Subject subject)
    {
        byte[] every = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        await RoundTripAsync(subject, Encodings.Bytes, Encodings.Bytes, (every, every), ([], []));
    }

    [Theory, EverySubject]
    public Task Hex_encodes_bytes(Subject subject) => RoundTripAsync(subject, Encodings.Hex, Encodings.Hex, ("00ff", "abcd"), ("", ""));

    [Theory, EverySubject]
    public Task Base64_encodes_bytes(Subject subject) =>
        RoundTripAsync(subject, Encodings.Base64, Encodings.Base64, ("AP8=", "AQID"), ("", ""));

    [Theory, EverySubject]
    public Task Numbers_and_times_are_keys_that_sort(Subject subject) => RoundTripAsync(
        subject, Encodings.Int64, Encodings.DateTimeOffset, (-5, DateTimeOffset.UnixEpoch), (3, DateTimeOffset.MaxValue));

    [Theory, EverySubject]
    public Task Guids_and_unsigned_numbers_are_too(Subject subject) =>
        RoundTripAsync(subject, Encodings.Guid, Encodings.UInt64, (Guid.Empty, ulong.MaxValue));

    [Theory, EverySubject]
    public async Task Json_encodes_objects(Subject subject)
    {
        IEncoding<User> users = Encodings.Json(Contexts.Default.User);
        await RoundTripAsync(subject, Encodings.Utf8, users, ("ada", new("Ada", ["math"])), ("empty", new("", [])));
        Sublevel<string, string> text = subjects.LevelOf(subject).Sublevel("encoded");
        (await text.GetAsync("ada")).ShouldBe("""{"name":"Ada","tags":["math"]}""");
    }

    [Theory, EverySubject]
    public Task A_custom_encoding_works(Subject subject) =>
        RoundTripAsync(subject, new Reversed(), new Reversed(), ("abc", "xyz"), ("", ""));

    [Theory]
    [EverySubject("get")]
    [EverySubject("get-many")]
    [EverySubject("iterate")]
    [EverySubject("values")]
    [EverySubject("next")]
    [EverySubject("next-many")]
    public async Task A_value_that_is_not_of_its_encoding_fails_with_the_cause_and_the_key(Subject subject, string operation)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, "key");
        AbstractLevel<string, User> typed = db.WithEncodings(Encodings.Utf8, Encodings.Json(Contexts.Default.User));
        RaveException failure = await Should.ThrowAsync<RaveException>(async () =>
        {
            switch (operation)
            {
                case "get": await typed.GetAsync("key"); break;
                case "get-many": await typed.GetManyAsync(["key"]); break;
                case "iterate": await typed.Iterate().ToArrayAsync(); break;
                case "values": await typed.Values().ToArrayAsync(); break;
                case "next": await typed.Iterator().NextAsync(); break;
                default: await typed.Iterator().NextManyAsync(1); break;
            }
        });
        failure.Code.ShouldBe("LEVEL_DECODE_ERROR");
        failure.InnerException.ShouldBeOfType<JsonException>();
        failure.Message.ShouldContain("key'");
        (await typed.Keys().ToArrayAsync()).ShouldBe(["key"]);
    }

    [Theory, EverySubject]
    public async Task A_key_that_is_not_of_its_encoding_fails_with_the_cause(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, "key");
        AbstractLevel<long, string> typed = db.WithEncodings(Encodings.Int64, Encodings.Utf8);
        RaveException failure = await Should.ThrowAsync<RaveException>(async () => await typed.Keys().ToArrayAsync());
        failure.Code.ShouldBe("LEVEL_DECODE_ERROR");
        failure.InnerException.ShouldBeOfType<FormatException>();
        (await typed.Values().ToArrayAsync()).ShouldBe(["value of key"]);
    }

    [Theory, EverySubject]
    public async Task Keys_and_values_that_cannot_be_encoded_are_not_written(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject);
        await Should.ThrowAsync<ArgumentException>(async () => await db.PutAsync("\ud800", "value"));
        await Should.ThrowAsync<ArgumentException>(async () => await db.PutAsync("key", "\ud800"));
        await Should.ThrowAsync<FormatException>(async () => await db.WithEncodings(Encodings.Hex, Encodings.Utf8).PutAsync("xy", "value"));
        (await db.CountAsync()).ShouldBe(0);
    }

    [Theory, EverySubject]
    public async Task One_call_may_have_other_encodings(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, "key");
        AbstractLevel<string, byte[]> bytes = db.WithEncodings(Encodings.Hex, Encodings.Bytes);
        (await bytes.GetAsync("6b6579")).ShouldBe("value of key"u8.ToArray());
        await bytes.PutAsync("00", [1]);
        (await db.Keys().ToArrayAsync()).ShouldBe(["\0", "key"]);
        await db.Batch().Put(bytes, "01", [2]).Delete("key").WriteAsync();
        (await bytes.Iterate(new() { Gte = "01" }).ToArrayAsync()).Single().Value.ShouldBe([2]);
        await bytes.Sublevel("inner").PutAsync("a", "1");
        (await db.Sublevel("inner").GetAsync("a")).ShouldBe("1");
        Should.Throw<ArgumentNullException>(() => db.WithEncodings(Encodings.Utf8, (IEncoding<string>)null!));
    }

    private async Task RoundTripAsync<TKey, TValue>(
        Subject subject, IEncoding<TKey> keyEncoding, IEncoding<TValue> valueEncoding, params (TKey Key, TValue Value)[] entries)
    {
        Sublevel<TKey, TValue> level = (await subjects.EmptyAsync(subject)).Sublevel("encoded", keyEncoding, valueEncoding);
        foreach ((TKey key, TValue value) in entries)
        {
            await level.PutAsync(key, value);
            (await level.GetAsync(key)).ShouldBeEquivalentTo(value);
            (await level.HasAsync(key)).ShouldBeTrue();
            (await level.GetManyAsync([key])).Single().ShouldBeEquivalentTo(value);
            KeyValuePair<TKey, TValue> entry = (await level.Iterate(new() { Gte = key, Lte = key }).ToArrayAsync()).Single();
            entry.Key.ShouldBeEquivalentTo(key);
            entry.Value.ShouldBeEquivalentTo(value);
            await using RangeIterator<TKey, TValue> iterator = level.Iterator();
            iterator.Seek(key);
            (await iterator.NextAsync())!.Value.Key.ShouldBeEquivalentTo(key);
        }

        (await level.CountAsync()).ShouldBe(entries.Length);
        foreach ((TKey key, _) in entries.Skip(1))
        {
            await level.DeleteAsync(key);
            (await level.HasAsync(key)).ShouldBeFalse();
        }
    }

    internal sealed record User(string Name, string[] Tags);

    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
    [JsonSerializable(typeof(User))]
    private sealed partial class Contexts : JsonSerializerContext;

    private sealed class Reversed : IEncoding<string>
    {
        public string Name => "reversed";

        public void Encode(string value, IBufferWriter<byte> output) =>
            output.Write([.. value.Reverse().Select(character => (byte)character)]);

        public string Decode(ReadOnlySpan<byte> bytes) => string.Concat(bytes.ToArray().Reverse().Select(value => (char)value));
    }
}

using System.Text;
using System.Text.Json;
using Rave.Client;
using Rave.Server.Protocol;

namespace Rave.Tests.Protocol;

public sealed class LeaderInfoReaderTests
{
    private static readonly LeaderInfo Leader =
        new(42, 1_764_000_000_000, DateTimeOffset.Parse("2026-11-26T01:02:03.4567890+01:00"), "a \"program\" with ümlauts");

    [Fact]
    public void Leader_info_is_read_as_the_serializer_writes_it()
    {
        LeaderInfoReader.Read(JsonSerializer.SerializeToUtf8Bytes(Leader, RaveJson.Default.LeaderInfo)).ShouldBe(Leader);
        LeaderInfoReader.Read(JsonSerializer.SerializeToUtf8Bytes(Leader, RaveJson.Legible.LeaderInfo)).ShouldBe(Leader);
    }

    [Fact]
    public void Members_of_a_later_version_are_ignored() =>
        LeaderInfoReader.Read(
            """{"since":"2026-11-26T00:00:00Z","more":{"pid":[1,{"epoch":2}]},"pid":7,"epoch":8,"also":[[]],"program":"p","z":null}"""u8)
            .ShouldBe(new(7, 8, DateTimeOffset.Parse("2026-11-26T00:00:00Z"), "p"));

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"pid\":\"7\"}")]
    [InlineData("{\"pid\":7.5}")]
    [InlineData("{\"epoch\":1e99}")]
    [InlineData("{\"since\":\"yesterday\"}")]
    [InlineData("{\"program\":7}")]
    [InlineData("{\"pid\":7")]
    public void Other_texts_are_rejected(string text) =>
        Should.Throw<JsonException>(() => LeaderInfoReader.Read(Encoding.UTF8.GetBytes(text)));
}

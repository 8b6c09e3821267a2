using System.Text;
using Rave.Client;
using Rave.Server.Protocol;

namespace Rave.Tests.Protocol;

// The vectors are those of docs/http.md. The bytes must not change within one version.
public sealed class BinaryFormTests
{
    [Fact]
    public void Operations_are_encoded_as_documented()
    {
        using PooledBuffer body = new();
        OperationsBinaryWriter.Put(body, "a"u8, "12"u8);
        OperationsBinaryWriter.Delete(body, "b"u8);
        OperationsBinaryWriter.Check(body, "c"u8, Precondition.Exists);
        OperationsBinaryWriter.Check(body, "d"u8, Precondition.Missing);
        OperationsBinaryWriter.Check(body, "e"u8, new(Wanted: true, ["\"0f\""]));
        OperationsBinaryWriter.Get(body, ""u8);
        OperationsBinaryWriter.Has(body, "f"u8);
        Hex(body).ShouldBe("010161023132" + "020162" + "030163" + "040164" + "0501650422306622" + "0600" + "070166");

        OperationsBinaryReader reader = new(body.Written.Span);
        List<string> read = [];
        while (reader.Read())
        {
            string precondition = $"{reader.Precondition?.Wanted} {reader.Precondition?.Tags?[0]}";
            string keyAndValue = $"{Encoding.UTF8.GetString(reader.Key)} {Encoding.UTF8.GetString(reader.Value)}";
            read.Add($"{reader.Type} {keyAndValue} {precondition}".TrimEnd());
        }

        read.ShouldBe(["Put a 12", "Delete b", "Check c  True", "Check d  False", "Check e  True \"0f\"", "Get", "Has f"]);
    }

    [Fact]
    public void Entries_are_encoded_as_documented()
    {
        using PooledBuffer body = new();
        EntriesBinaryWriter.WriteEntry(body, "a"u8, "12"u8, withKey: true, withValue: true);
        EntriesBinaryWriter.WriteEntry(body, "a"u8, "12"u8, withKey: true, withValue: false);
        EntriesBinaryWriter.WriteEntry(body, "a"u8, "12"u8, withKey: false, withValue: true);
        EntriesBinaryWriter.WriteEntry(body, "a"u8, "12"u8, withKey: false, withValue: false);
        EntriesBinaryWriter.WriteMissing(body);
        EntriesBinaryWriter.WriteEnd(body, "AQ");
        Hex(body).ShouldBe("070161023132" + "050161" + "06023132" + "04" + "01" + "00024151");

        EntriesBinaryReader reader = new(body.Written.Span);
        List<string> read = [];
        while (reader.Read())
        {
            read.Add($"{reader.Found} {Encoding.UTF8.GetString(reader.Key)} {Encoding.UTF8.GetString(reader.Value)}".TrimEnd());
        }

        read.ShouldBe(["True a 12", "True a", "True  12", "True", "False"]);
        reader.Continuation.ShouldBe("AQ");
    }

    [Theory]
    [InlineData(0, "00")]
    [InlineData(127, "7f")]
    [InlineData(128, "8001")]
    [InlineData(300, "ac02")]
    [InlineData(int.MaxValue, "ffffffff07")]
    public void A_length_has_one_spelling(int value, string hex)
    {
        byte[] bytes = new byte[Varint.MaxBytes];
        Convert.ToHexStringLower(bytes.AsSpan(0, Varint.Write(bytes, value))).ShouldBe(hex);
        Varint.TryRead(Convert.FromHexString(hex), out int read, out int length).ShouldBeTrue();
        (read, length).ShouldBe((value, hex.Length / 2));
    }

    [Theory]
    [InlineData("")]
    [InlineData("80")]
    [InlineData("8000")]
    [InlineData("ffffffff08")]
    [InlineData("ffffffff0f")]
    [InlineData("ffffffff17")]
    [InlineData("8080808080")]
    [InlineData("808080808001")]
    public void Other_bytes_are_not_a_length(string hex) => Varint.TryRead(Convert.FromHexString(hex), out _, out _).ShouldBeFalse();

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("0001")]
    [InlineData("000000")]
    [InlineData("02")]
    [InlineData("08")]
    [InlineData("0701")]
    [InlineData("0601610000ff")]
    public void An_answer_that_is_cut_or_foreign_is_refused(string hex) => Should.Throw<RaveException>(() =>
    {
        EntriesBinaryReader reader = new(Convert.FromHexString(hex));
        while (reader.Read())
        {
        }
    });

    private static string Hex(PooledBuffer body) => Convert.ToHexStringLower(body.Written.Span);
}

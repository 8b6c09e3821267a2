using System.Text;
using Rave.Client;
using Rave.Server.Engine;
using Rave.Server.LevelDb;
using Rave.Server.Storage;
using Rave.Tests.Harness;

namespace Rave.Tests.Storage;

public sealed class SessionRecordTests
{
    private static readonly DateTimeOffset When = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(null, "0101 0700000000000000 80d8db7000000000 cc00")]
    [InlineData("\"e\"", "0101 0700000000000000 80d8db7000000000 cc00 226522")]
    public void An_applied_write_is_recorded_byte_by_byte_as_documented(string? etag, string hex)
    {
        byte[] bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        new SessionRecord(7, When, etag, null).Encode().ShouldBe(bytes);
        SessionRecord.Decode(bytes).ShouldBe(new(7, When, etag, null));
    }

    [Fact]
    public void A_running_clear_is_recorded_byte_by_byte_as_documented()
    {
        byte[] bytes = Convert.FromHexString("0102" + "0700000000000000" + "80d8db7000000000" + "ffffffffffffffff" + "00ff");
        new SessionRecord(7, When, null, new([0, 0xff], Scan.Unlimited)).Encode().ShouldBe(bytes);
        SessionRecord record = SessionRecord.Decode(bytes);
        record.Progress!.LastKey.ShouldBe([0, 0xff]);
        record.Progress.Limit.ShouldBe(Scan.Unlimited);
    }

    [Theory]
    [InlineData("", "newer version")]
    [InlineData("02", "newer version")]
    [InlineData("ff0000", "newer version")]
    [InlineData("01", "damaged")]
    [InlineData("0103 0700000000000000 80d8db7000000000 cc00", "damaged")]
    [InlineData("0102 0700000000000000 80d8db7000000000 cc00", "damaged")]
    public void A_database_with_an_unknown_record_is_not_opened(string hex, string says)
    {
        using TempDirectory directory = new();
        using (LevelDatabase database = LevelDatabase.Open(directory.Path, new(), create: true))
        {
            database.Put(SessionRecord.KeyOf("0123456789abcdef"), Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)),
                sync: false);
        }

        RaveException refusal = Should.Throw<RaveException>(() =>
            LevelStore.Open(directory.Path, new(), create: true, new Limits(), TimeProvider.System));
        refusal.Code.ShouldBe(ErrorCodes.Corruption);
        refusal.Message.ShouldContain(says);
        refusal.MayPass.ShouldBeFalse();
    }

    [Fact]
    public void Only_keys_of_sessions_are_read_as_such()
    {
        SessionRecord.SessionOf(SessionRecord.KeyOf("0123456789abcdef")).ShouldBe("0123456789abcdef");
        SessionRecord.SessionOf([.. ReservedKeys.Prefix, (byte)'s', .. Encoding.ASCII.GetBytes("short")]).ShouldBeNull();
        SessionRecord.SessionOf([.. ReservedKeys.Prefix, (byte)'t', .. Encoding.ASCII.GetBytes("0123456789abcdef")]).ShouldBeNull();
    }
}

using System.Buffers.Binary;
using System.Buffers.Text;
using System.Numerics;
using System.Text;
using Rave.Client;
using Rave.Server.Storage;

namespace Rave.Tests.Storage;

public sealed class ContinuationTokenTests
{
    private static readonly Scan Full = new()
    {
        Bounds = new(Gt: [1], Gte: [], Lt: [0xff, 0], Lte: [0xff], Prefix: [0, 1, 2]),
        Reverse = true,
        Limit = 12345,
        Keys = false,
        Values = true,
        LastKey = [9, 0, 0xff],
    };

    [Fact]
    public void A_scan_survives_the_round_trip()
    {
        Same(Full);
        Same(new Scan { LastKey = [] });
        Same(new Scan { LastKey = [1], Limit = 0, Values = false });
        Same(new Scan { LastKey = [1], Values = false, ETags = true });
        Same(Full with { Snapshot = "0123456789abcdef0123456789abcdef", ETags = true });
        Same(new Scan { LastKey = new byte[64 << 10], Limit = long.MaxValue - 1 });
    }

    [Fact]
    public void A_token_is_base64url() => ContinuationToken.Encode(Full).ShouldMatch("^[A-Za-z0-9_-]+$");

    [Fact]
    public void Every_flipped_bit_is_detected()
    {
        byte[] token = Base64Url.DecodeFromChars(ContinuationToken.Encode(Full));
        for (int bit = 0; bit < token.Length * 8; bit++)
        {
            byte[] damaged = [.. token];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Refused(Base64Url.EncodeToString(damaged));
        }
    }

    [Fact]
    public void Every_changed_character_is_detected()
    {
        string token = ContinuationToken.Encode(Full);
        for (int i = 0; i < token.Length; i++)
        {
            foreach (char other in "Aa0-_=%\n é")
            {
                if (other != token[i])
                {
                    Refused(token[..i] + other + token[(i + 1)..]);
                }
            }
        }
    }

    [Fact]
    public void Every_truncation_and_every_addition_is_detected()
    {
        string token = ContinuationToken.Encode(Full);
        for (int length = 0; length < token.Length; length++)
        {
            Refused(token[..length]);
            Refused(token[(token.Length - length)..]);
        }

        Refused(token + "A");
        Refused(token + token);
    }

    [Theory]
    [InlineData("010600010000000000", true)]
    [InlineData("020600010000000000", false)]
    [InlineData("018600010000000000", false)]
    [InlineData("011600010000000000", false)]
    [InlineData("01160001000000000002", false)]
    [InlineData("0116000100000000000278", true)]
    [InlineData("011600010000000000027878", false)]
    [InlineData("0106000100000000000278", false)]
    [InlineData("012600010000000000", false)]
    [InlineData("010600000000000000", false)]
    [InlineData("01060001000000000000", false)]
    [InlineData("0106000100000000", false)]
    [InlineData("0106000500000000", false)]
    [InlineData("01060001ffffffffffffffffff7f00000000", false)]
    [InlineData("0106ffffffffffffffffffff010100000000", false)]
    [InlineData("0106", false)]
    [InlineData("01", false)]
    [InlineData("", false)]
    public void A_wrong_token_with_a_correct_checksum_is_refused(string hex, bool right)
    {
        byte[] body = Convert.FromHexString(hex);
        uint crc = uint.MaxValue;
        foreach (byte b in body)
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        byte[] token = [.. body, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32LittleEndian(token.AsSpan(body.Length), ~crc);
        string text = Base64Url.EncodeToString(token);
        if (right)
        {
            ContinuationToken.Decode(Encoding.ASCII.GetBytes(text)).LastKey.ShouldBe([]);
        }
        else
        {
            Refused(text);
        }
    }

    private static void Same(Scan scan)
    {
        Scan read = ContinuationToken.Decode(Encoding.ASCII.GetBytes(ContinuationToken.Encode(scan)));
        read.Bounds.Gt.ShouldBe(scan.Bounds.Gt);
        read.Bounds.Gte.ShouldBe(scan.Bounds.Gte);
        read.Bounds.Lt.ShouldBe(scan.Bounds.Lt);
        read.Bounds.Lte.ShouldBe(scan.Bounds.Lte);
        read.Bounds.Prefix.ShouldBe(scan.Bounds.Prefix);
        read.LastKey.ShouldBe(scan.LastKey);
        (read with { Bounds = scan.Bounds, LastKey = scan.LastKey }).ShouldBe(scan);
    }

    private static void Refused(string token) =>
        Should.Throw<RaveException>(() => ContinuationToken.Decode(Encoding.UTF8.GetBytes(token)), token).Code
            .ShouldBe(ErrorCodes.InvalidContinuation);
}

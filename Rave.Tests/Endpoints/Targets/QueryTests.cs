using System.Text;
using Rave.Client;
using Rave.Server.Requests;

namespace Rave.Tests.Endpoints;

public sealed class QueryTests
{
    private static readonly Parameter[] Known = [Parameter.Limit, Parameter.Sync, .. Parameter.Range];

    [Theory]
    [InlineData("gte=a", "a")]
    [InlineData("gte=a+b", "a b")]
    [InlineData("gte=a%2Bb", "a+b")]
    [InlineData("gte=a%20b", "a b")]
    [InlineData("gte=%2525", "%25")]
    [InlineData("gte=a=b", "a=b")]
    [InlineData("gte=a/../b", "a/../b")]
    [InlineData("gte=%26%3D%23", "&=#")]
    [InlineData("%67te=x", "x")]
    [InlineData("&&gte=x&", "x")]
    [InlineData("gte=", "")]
    [InlineData("gte", "")]
    [InlineData("gte=%00", "\0")]
    [InlineData("gte=%C3%A9", "é")]
    public void A_value_is_decoded_exactly_once(string raw, string value) =>
        Encoding.UTF8.GetString(Parse(raw).Key(Parameter.Gte)!).ShouldBe(value);

    [Theory]
    [InlineData("limt=10")]
    [InlineData("Limit=10")]
    [InlineData("limit=1&limit=1")]
    [InlineData("limit=1&%6cimit=2")]
    [InlineData("gte=%")]
    [InlineData("gte=%4")]
    [InlineData("gte=%zz")]
    [InlineData("gte=%+1")]
    [InlineData("gte=%FF")]
    [InlineData("gte=%C0%80")]
    [InlineData("%FF=1")]
    [InlineData("=1")]
    public void An_unknown_or_malformed_query_is_refused(string raw) =>
        Should.Throw<RaveException>(() => Parse(raw)).Code.ShouldBe(ErrorCodes.InvalidRequest);

    [Fact]
    public void An_unknown_parameter_is_named_together_with_those_that_are_known()
    {
        string message = Should.Throw<RaveException>(() => Parse("limt=10")).Message;
        message.ShouldContain("'limt'");
        message.ShouldContain("limit");
    }

    [Theory]
    [InlineData("limit=0", 0)]
    [InlineData("limit=-1", -1)]
    [InlineData("limit=9223372036854775807", long.MaxValue)]
    [InlineData("", 7)]
    public void A_number_is_decimal(string raw, long number) =>
        Parse(raw).Number(Parameter.Limit, least: -1, otherwise: 7).ShouldBe(number);

    [Theory]
    [InlineData("limit=")]
    [InlineData("limit=-2")]
    [InlineData("limit=%2B1")]
    [InlineData("limit=+1")]
    [InlineData("limit=1e3")]
    [InlineData("limit=1.0")]
    [InlineData("limit=0x1")]
    [InlineData("limit=1%20")]
    [InlineData("limit=9223372036854775808")]
    [InlineData("limit=ten")]
    public void Any_other_number_is_refused(string raw)
    {
        Query query = Parse(raw);
        Should.Throw<RaveException>(() => query.Number(Parameter.Limit, least: -1, otherwise: 7)).Message.ShouldContain("'limit'");
    }

    [Theory]
    [InlineData("sync")]
    [InlineData("sync=")]
    [InlineData("sync=1")]
    [InlineData("sync=True")]
    [InlineData("sync=yes")]
    public void A_flag_is_true_or_false(string raw)
    {
        Query query = Parse(raw);
        Should.Throw<RaveException>(() => query.Flag(Parameter.Sync, otherwise: false)).Message.ShouldContain("'sync'");
    }

    [Fact]
    public void An_unknown_encoding_is_refused_even_if_nothing_is_encoded() =>
        Should.Throw<RaveException>(() => Parse("limit=1&keyEncoding=latin1")).Code.ShouldBe(ErrorCodes.EncodingNotFound);

    [Fact]
    public void A_query_in_a_link_is_escaped_if_necessary() =>
        Parse("gte=a>b\u0001%22\"&limit=3&lt=c+d&keyEncoding=utf8").Without(Parameter.Limit)
            .ShouldBe("gte=a%3Eb%01%22%22&lt=c+d&keyEncoding=utf8&");

    private static Query Parse(string raw) => Query.Parse(raw, Known);
}

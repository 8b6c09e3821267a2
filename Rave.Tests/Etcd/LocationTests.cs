using Rave.Client;
using Rave.Etcd.Location;

namespace Rave.Tests.Etcd;

public sealed class LocationTests
{
    [Theory]
    [InlineData("etcd://h1/app", "etcd://h1:2379/app")]
    [InlineData("etcds://h1/app", "etcds://h1:2379/app")]
    [InlineData("etcd://h1,h2:2380,10.0.0.1/app", "etcd://h1:2379,h2:2380,10.0.0.1:2379/app")]
    [InlineData("etcd://[::1],[fe80::1]:1/A.b_c-9", "etcd://[::1]:2379,[fe80::1]:1/A.b_c-9")]
    public void A_location_names_hosts_and_a_database(string text, string canonical) =>
        EtcdLocation.Parse(text).ToString().ShouldBe(canonical);

    [Fact]
    public void An_IPv6_address_has_brackets_in_the_address_to_connect_to() =>
        EtcdLocation.Parse("etcds://[::1]:7/app").Hosts[0].Address(tls: true).ToString().ShouldBe("https://[::1]:7/");

    [Fact]
    public void Certificates_are_named_as_files()
    {
        EtcdLocation location = EtcdLocation.Parse("etcds://h1/app?ca=%2Fetc%2Fca.pem&cert=c.pem&key=k.pem");
        location.RootsFile.ShouldBe("/etc/ca.pem");
        location.CertificateFile.ShouldBe("c.pem");
        location.KeyFile.ShouldBe("k.pem");
        location.ToString().ShouldBe("etcds://h1:2379/app");
    }

    [Theory]
    [InlineData("http://h1/app", "etcd://")]
    [InlineData("etcd://h1", "names no database")]
    [InlineData("etcd://h1/", "1 to 128 of")]
    [InlineData("etcd://h1/a/b", "1 to 128 of")]
    [InlineData("etcd://h1/a%20b", "1 to 128 of")]
    [InlineData("etcd:///app", "is not a host")]
    [InlineData("etcd://h1,/app", "is not a host")]
    [InlineData("etcd://h1:/app", "is not a host")]
    [InlineData("etcd://h1:0/app", "is not a host")]
    [InlineData("etcd://h1:65536/app", "is not a host")]
    [InlineData("etcd://h1:+80/app", "is not a host")]
    [InlineData("etcd://::1/app", "is not a host")]
    [InlineData("etcd://[h1]/app", "is not a host")]
    [InlineData("etcd://[::1]x/app", "is not a host")]
    [InlineData("etcd://h1 h2/app", "is not a host")]
    [InlineData("etcd://h1/app?timeout=3", "(use ca, cert, key)")]
    [InlineData("etcds://h1/app?ca=a&ca=b", "must occur once")]
    [InlineData("etcds://h1/app?ca=", "must occur once")]
    [InlineData("etcds://h1/app?cert=a", "given together")]
    [InlineData("etcd://h1/app?ca=a", "certificates need etcds://")]
    public void Other_locations_are_refused_and_the_error_says_why(string text, string says)
    {
        RaveException refusal = Should.Throw<RaveException>(() => EtcdLocation.Parse(text));
        refusal.Code.ShouldBe(ErrorCodes.InvalidRequest);
        refusal.Message.ShouldContain(says);
    }

    [Theory]
    [InlineData("etcd://me:secret@h1/app")]
    [InlineData("etcd://h1,me:secret@h2/app?x=1")]
    public void A_password_is_refused_and_not_repeated(string text)
    {
        RaveException refusal = Should.Throw<RaveException>(() => EtcdLocation.Parse(text));
        refusal.Code.ShouldBe(ErrorCodes.InvalidRequest);
        refusal.Message.ShouldNotContain("secret");
    }
}

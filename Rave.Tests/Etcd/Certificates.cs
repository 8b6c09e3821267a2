using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Rave.Tests.Harness;

namespace Rave.Tests.Etcd;

// An authority, and certificates by it for 127.0.0.1, as PEM files.
internal sealed class Certificates : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly X509Certificate2 _authority;

    internal Certificates()
    {
        using ECDsa key = ECDsa.Create();
        CertificateRequest request = new("CN=Test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _authority = request.CreateSelfSigned(Yesterday, Yesterday.AddDays(30));
        File.WriteAllText(this["ca.pem"], _authority.ExportCertificatePem());
        Issue("server");
        Issue("client");
    }

    internal string this[string name] => _directory[name];

    private static DateTimeOffset Yesterday => TimeProvider.System.GetUtcNow().AddDays(-1);

    public void Dispose()
    {
        _authority.Dispose();
        _directory.Dispose();
    }

    private void Issue(string name)
    {
        using ECDsa key = ECDsa.Create();
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.1"), new("1.3.6.1.5.5.7.3.2")], false));
        byte[] number = RandomNumberGenerator.GetBytes(8);
        using X509Certificate2 certificate = request.Create(_authority, Yesterday, Yesterday.AddDays(20), number);
        File.WriteAllText(this[$"{name}.pem"], certificate.ExportCertificatePem());
        File.WriteAllText(this[$"{name}.key"], key.ExportPkcs8PrivateKeyPem());
    }
}

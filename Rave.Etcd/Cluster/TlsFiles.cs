using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Rave.Etcd.Location;

namespace Rave.Etcd.Cluster;

// Whom a TLS connection trusts and what it shows, from the options or from the files that the location names.
internal static class TlsFiles
{
    internal static SslClientAuthenticationOptions? Load(EtcdLocation location, EtcdOptions options)
    {
        if (!location.Tls)
        {
            return null;
        }

        try
        {
            SslClientAuthenticationOptions security = new();
            if ((options.TrustedRoots ?? RootsOf(location)) is { } roots)
            {
                security.CertificateChainPolicy = new()
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    RevocationMode = X509RevocationMode.NoCheck,
                };
                security.CertificateChainPolicy.CustomTrustStore.AddRange(roots);
            }

            if ((options.ClientCertificate ?? CertificateOf(location)) is { } certificate)
            {
                security.ClientCertificates = [certificate];
            }

            return security;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new RaveException(ErrorCodes.InvalidRequest, $"A certificate for {location} cannot be read: {e.Message}", e);
        }
    }

    private static X509Certificate2Collection? RootsOf(EtcdLocation location)
    {
        if (location.RootsFile is null)
        {
            return null;
        }

        X509Certificate2Collection roots = [];
        roots.ImportFromPemFile(location.RootsFile);
        return roots;
    }

    private static X509Certificate2? CertificateOf(EtcdLocation location) =>
        location.CertificateFile is null ? null : X509Certificate2.CreateFromPemFile(location.CertificateFile, location.KeyFile);
}

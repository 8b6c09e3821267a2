using System.Security.Cryptography.X509Certificates;

namespace Rave.Etcd;

// What a location does not say of a cluster. What a member was started with cannot be asked for: whoever raises a flag there, raises it here.
internal sealed record EtcdOptions
{
    // Beside the operations of a batch, a transaction takes two nested ones and the record of the session.
    private const int OwnOperations = 3;

    internal string? User { get; init; }

    internal string? Password { get; init; }

    // Instead of those of the location's files.
    internal X509Certificate2? ClientCertificate { get; init; }

    internal X509Certificate2Collection? TrustedRoots { get; init; }

    // For an operation with all its attempts; of a scan or clear, for one step.
    internal TimeSpan OperationTimeout { get; init; } = TimeSpan.FromSeconds(30);

    // The first attempt of an operation, when another one can follow. A member that hangs is left after it. The next attempts take twice as long each.
    internal TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(1);

    // --max-txn-ops of the members.
    internal int MaxTransactionOperations { get; init; } = 128;

    // --max-request-bytes of the members.
    internal int MaxRequestBytes { get; init; } = 1536 << 10;

    internal bool CreateIfMissing { get; init; } = true;

    internal bool ErrorIfExists { get; init; }

    internal Limits Limits => new()
    {
        ValueBytes = MaxRequestBytes / 3 * 2,
        BodyBytes = MaxRequestBytes,
        BatchOperations = MaxTransactionOperations - OwnOperations,
    };
}

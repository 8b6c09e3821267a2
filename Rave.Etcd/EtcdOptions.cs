using System.Security.Cryptography.X509Certificates;
using Rave.Server.Storage;

namespace Rave.Client;

/// <summary>
/// Options of the connections to etcd clusters. A cluster cannot be asked for the limits that it was started with, so both must agree.
/// </summary>
public sealed record EtcdOptions
{
    // In addition to the operations of a batch, a transaction has two nested ones and the record of the session.
    private const int OwnOperations = 3;

    /// <summary>
    /// The name of the user, or <see langword="null"/> if the cluster has no authentication. A location never contains it.
    /// </summary>
    public string? User { get; set; }

    /// <summary>The password of the user.</summary>
    public string? Password { get; set; }

    /// <summary>The certificate of this client, instead of the files that the location names. Only for <c>etcds://</c>.</summary>
    public X509Certificate2? ClientCertificate { get; set; }

    /// <summary>The certificates to trust, instead of the file that the location names or those of the system.</summary>
    public X509Certificate2Collection? TrustedRoots { get; set; }

    /// <summary>
    /// The time for the first attempt of an operation if another attempt can follow: 50 ms or more. If every member took longer, the next
    /// attempts have twice as long. Defaults to one second.
    /// </summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The members' <c>--max-txn-ops</c>, 8 or more. A batch holds 3 operations less. Defaults to 128, as etcd does.</summary>
    public int MaxTransactionOperations { get; set; } = 128;

    /// <summary>
    /// The members' <c>--max-request-bytes</c>, 64 KiB or more. This is the limit of a batch. A value can have two thirds of it.
    /// Defaults to 1.5 MiB, as etcd does.
    /// </summary>
    public int MaxRequestBytes { get; set; } = 1536 << 10;

    // For an operation with all its attempts, or for one step of a scan or clear.
    internal TimeSpan OperationTimeout { get; init; } = TimeSpan.FromSeconds(30);

    // For all of the opening.
    internal TimeSpan OpenTimeout { get; init; } = TimeSpan.FromSeconds(30);

    internal bool CreateIfMissing { get; init; } = true;

    internal bool ErrorIfExists { get; init; }

    internal Limits Limits => new()
    {
        ValueBytes = MaxRequestBytes / 3 * 2,
        BatchBytes = MaxRequestBytes,
        BatchOperations = MaxTransactionOperations - OwnOperations,
    };

    internal EtcdOptions For(EngineOptions engine) => this with
    {
        OpenTimeout = engine.OpenTimeout,
        OperationTimeout = engine.OperationTimeout,
        CreateIfMissing = engine.CreateIfMissing,
        ErrorIfExists = engine.ErrorIfExists,
    };

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(AttemptTimeout, TimeSpan.FromMilliseconds(50));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxTransactionOperations, 8);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxRequestBytes, 64 << 10);
    }
}

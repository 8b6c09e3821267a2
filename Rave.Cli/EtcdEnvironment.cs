using System.Globalization;
using Rave.Client;

namespace Rave.Cli;

// What the environment says about clusters. A password must not be on the command line, which every user of the machine can see.
internal static class EtcdEnvironment
{
    internal const string MaxRequestBytes = "RAVE_ETCD_MAX_REQUEST_BYTES";
    internal const string MaxTransactionOperations = "RAVE_ETCD_MAX_TXN_OPS";

    internal static void Configure(EtcdOptions options)
    {
        options.User = Environment.GetEnvironmentVariable("RAVE_ETCD_USER");
        options.Password = Environment.GetEnvironmentVariable("RAVE_ETCD_PASSWORD");
        options.MaxRequestBytes = Number(MaxRequestBytes) ?? options.MaxRequestBytes;
        options.MaxTransactionOperations = Number(MaxTransactionOperations) ?? options.MaxTransactionOperations;
    }

    private static int? Number(string name) => Environment.GetEnvironmentVariable(name) switch
    {
        null or "" => null,
        string text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) => number,
        _ => throw new InputException($"{name} must be a number, without a unit."),
    };
}

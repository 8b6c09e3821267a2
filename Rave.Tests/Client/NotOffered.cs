using Rave.Client;

namespace Rave.Tests.Client;

// The complete list of calls that the tests for every subject use and that etcd does not offer (docs/etcd.md). Everything else is the
// same.
internal static class NotOffered
{
    // By the name of the call, with the code that it fails with.
    internal static readonly IReadOnlyDictionary<string, string> OnEtcd = new Dictionary<string, string>
    {
        ["property"] = ErrorCodes.NotSupported,
        ["approximate-size"] = ErrorCodes.NotSupported,
        ["compact"] = ErrorCodes.NotSupported,
        ["step-down"] = ErrorCodes.NotSupported,
        // Batches of more than 125 operations, unless the cluster allows more.
        ["large-batch"] = ErrorCodes.TooLarge,
    };

    // Runs the call. If the subject does not offer it, the call must fail as the list says.
    internal static async Task OrAsync(Subject subject, string call, Func<Task> run)
    {
        if (subject is Subject.Etcd or Subject.EtcdsSublevel && OnEtcd.TryGetValue(call, out string? code))
        {
            (await Should.ThrowAsync<RaveException>(run)).Code.ShouldBe(code);
            return;
        }

        await run();
    }
}

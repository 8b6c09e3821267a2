using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace Rave.Tests.Client;

// Runs a theory once for each subject. The subject is the first argument, before the attribute's own arguments.
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class EverySubjectAttribute(params object?[] arguments) : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([.. Enum.GetValues<Subject>().Select(subject => new TheoryDataRow([subject, .. arguments]))]);

    public override bool SupportsDiscoveryEnumeration() => true;
}

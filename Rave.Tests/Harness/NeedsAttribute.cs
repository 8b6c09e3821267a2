using System.Reflection;
using Xunit.v3;

namespace Rave.Tests.Harness;

// A test or a class that runs only if all of these are available. Otherwise it is skipped, and NotRun reports it. `-trait Needs=Root`
// runs only those.
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class NeedsAttribute(params Need[] needs) : BeforeAfterTestAttribute, ITraitAttribute
{
    public Need[] Needs => needs;

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() =>
        [.. needs.Select(need => KeyValuePair.Create("Needs", $"{need}"))];

    public override void Before(MethodInfo methodUnderTest, IXunitTest test)
    {
        foreach (Need need in needs.Where(need => !Machine.Has(need)))
        {
            NotRun.Skip(Machine.NameOf(need));
        }
    }
}

using System.Reflection;
using Xunit.v3;

namespace Rave.Tests.Harness;

// A test or a class that runs only where all of these are there; elsewhere it is skipped, and NotRun says so. `-trait Needs=Root` runs
// those alone.
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

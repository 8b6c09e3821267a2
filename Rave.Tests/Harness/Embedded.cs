using Rave.Server.Election;
using Rave.Server.Hosting;
using Rave.Server.Location;

namespace Rave.Tests.Harness;

// A leader inside the test's own process, as an application embeds one.
internal static class Embedded
{
    internal static readonly OpenMode OpenOrCreate = new(Create: true, MustBeNew: false, Takeover: false);

    internal static async Task<Leader> LeadAsync(DatabaseLocation location, LeaderOptions? options = null) =>
        await Leader.TryStartAsync(location, options ?? new(), OpenOrCreate,
            TestContext.Current.CancellationToken) ?? throw new InvalidOperationException("Somebody else leads.");
}

using Rave.Tests.Cli;
using Rave.Tests.Client;
using Rave.Tests.Consumers;
using Rave.Tests.Harness;
using Rave.Tests.OpenApi;
using Rave.Tests.Reliability;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace Rave.Tests.Harness;

// The longest classes start first, so that no processor is idle while the last one ends.
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly Type[] Longest =
    [
        typeof(ConsumerTests), typeof(CorruptionMatrixTests), typeof(ExactTests), typeof(GeneratedClientTests),
        typeof(ManyProcessesTests), typeof(BatchInputTests), typeof(BenchTests),
    ];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection => [.. testCollections.OrderBy(PlaceOf)];

    private static uint PlaceOf<TTestCollection>(TTestCollection collection)
        where TTestCollection : ITestCollection =>
        (uint)Array.FindIndex(Longest, type => collection.TestCollectionDisplayName.Contains(type.FullName!, StringComparison.Ordinal));
}

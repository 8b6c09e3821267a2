using Rave.Client;
using Rave.Tests.Harness;

namespace Rave.Tests.Approved;

// A change of the public surface is visible in the review, and is never made by mistake.
public sealed class PublicSurfaceTests
{
    private const string Rewrite = "RAVE_APPROVE";

    [Theory]
    [InlineData("Rave.Client", typeof(RaveLevel))]
    [InlineData("Rave.Server", typeof(Limits))]
    [InlineData("Rave.Etcd", typeof(RaveEtcd))]
    public void The_public_surface_is_the_approved_one(string assembly, Type within)
    {
        string file = Repository.PathOf($"Rave.Tests/Approved/{assembly}.txt");
        string[] actual = [.. PublicSurface.Of(within.Assembly)];
        if (Environment.GetEnvironmentVariable(Rewrite) is not null)
        {
            File.WriteAllLines(file, actual);
        }

        string[] approved = File.ReadAllLines(file);
        string[] differences =
            [.. approved.Except(actual).Select(line => $"- {line}"), .. actual.Except(approved).Select(line => $"+ {line}")];
        actual.SequenceEqual(approved).ShouldBeTrue(
            $"The public surface of {assembly} differs from {file}:\n{string.Join('\n', differences)}\n"
                + $"If that is meant, run this test with {Rewrite}=1 and commit the file.");
    }
}

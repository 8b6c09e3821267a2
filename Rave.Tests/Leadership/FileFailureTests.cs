using Rave.Client;
using Rave.Server.Location;
using Rave.Tests.Harness;

namespace Rave.Tests.Leadership;

public sealed class FileFailureTests
{
    [Fact]
    [Needs(Need.FullDevice)]
    public void A_full_disk_differs_from_other_failures_because_it_may_pass()
    {
        IOException full = Should.Throw<IOException>(() => File.WriteAllText("/dev/full", "more"));
        FileFailure.Of("It failed", full).ShouldSatisfyAllConditions(
            failure => failure.Code.ShouldBe(ErrorCodes.IoError),
            failure => failure.MayPass.ShouldBeTrue(),
            failure => failure.Message.ShouldStartWith("It failed: "));

        using TempDirectory directory = new();
        IOException missing = Should.Throw<IOException>(() => File.ReadAllText(directory["missing"]));
        FileFailure.Of("It failed", missing).MayPass.ShouldBeFalse();
    }
}

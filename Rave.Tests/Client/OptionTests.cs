using Rave.Client;
using Rave.Tests.Harness;

namespace Rave.Tests.Client;

public sealed class OptionTests
{
    [Fact]
    public async Task A_follower_uses_its_own_options_once_it_leads()
    {
        using TempDirectory directory = new();
        RaveLevel leader = await RaveLevel.OpenAsync(directory["db"], new() { BlockSize = 8192 });
        await using RaveLevel follower = await RaveLevel.OpenAsync(directory["db"], new() { Compression = false, CacheSize = 1 << 20 });
        (await follower.GetStatusAsync(TestContext.Current.CancellationToken)).Options!.BlockSize.ShouldBe(8192);

        await leader.CloseAsync();
        await follower.PutAsync("a", "1").AsTask().Soon();
        follower.IsLeader.ShouldBeTrue();
        (await follower.GetStatusAsync(TestContext.Current.CancellationToken)).Options!.Compression.ShouldBeFalse();
    }
}

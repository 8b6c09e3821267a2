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

    [Fact]
    public async Task Changes_of_the_options_after_opening_change_nothing()
    {
        using TempDirectory directory = new();
        RaveOptions options = new() { BlockSize = 8192, Limits = new() { KeyBytes = 10 } };
        Task<RaveLevel> opening = RaveLevel.OpenAsync(directory["db"], options);
        options.BlockSize = -1;
        options.Limits.KeyBytes = 1;
        options.Limits = null!;
        options.TimeProvider = null!;
        await using RaveLevel db = await opening;
        await db.PutAsync("0123456789", "1");
        (await db.PutAsync("0123456789a", "1").AsTask().ShouldThrowAsync<RaveException>()).Code.ShouldBe("LEVEL_TOO_LARGE");
        (await db.GetStatusAsync(TestContext.Current.CancellationToken)).Options!.BlockSize.ShouldBe(8192);

        // Nor do they for a follower that leads later.
        RaveOptions its = new() { Compression = false };
        await using RaveLevel follower = await RaveLevel.OpenAsync(directory["db"], its);
        its.Compression = true;
        await db.CloseAsync();
        await follower.PutAsync("a", "1").AsTask().Soon();
        (await follower.GetStatusAsync(TestContext.Current.CancellationToken)).Options!.Compression.ShouldBeFalse();
    }
}

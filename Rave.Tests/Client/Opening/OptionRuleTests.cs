using System.Reflection;
using Rave.Client;
using Rave.Tests.Harness;

namespace Rave.Tests.Client;

// Invalid options are refused by name, by the call that gets them.
public sealed class OptionRuleTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    public static TheoryData<string> Numbers =>
        [.. Properties(typeof(RaveOptions), typeof(int)), .. Properties(typeof(Limits), typeof(int)).Select(name => $"Limits.{name}")];

    public static TheoryData<string> Times => [.. Properties(typeof(RaveOptions), typeof(TimeSpan))];

    [Theory]
    [MemberData(nameof(Numbers))]
    public async Task A_number_that_is_too_small_is_refused_by_its_name(string name)
    {
        RaveOptions options = new();
        string own = name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..];
        Set(own == name ? options : options.Limits, own, -1);
        ArgumentOutOfRangeException refusal = await Should.ThrowAsync<ArgumentOutOfRangeException>(async () =>
            await RaveLevel.OpenAsync(_directory["db"], options));
        refusal.ParamName.ShouldBe(own);
        refusal.Message.ShouldContain($"{own} must be from ");
        Directory.Exists(_directory["db"]).ShouldBeFalse();
    }

    [Theory]
    [InlineData(nameof(RaveOptions.WriteBufferSize), int.MaxValue)]
    [InlineData(nameof(RaveOptions.MaxFileSize), int.MaxValue)]
    [InlineData(nameof(RaveOptions.BlockSize), int.MaxValue)]
    [InlineData(nameof(RaveOptions.MaxOpenFiles), int.MaxValue)]
    [InlineData(nameof(RaveOptions.BloomFilterBits), int.MaxValue)]
    [InlineData(nameof(RaveOptions.MaxLeadersLost), 0)]
    public async Task A_number_that_LevelDB_would_change_is_refused_by_its_name(string name, int value)
    {
        RaveOptions options = new();
        Set(options, name, value);
        (await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await RaveLevel.OpenAsync(_directory["db"], options))).ParamName
            .ShouldBe(name);
        (await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await RaveLevel.RepairAsync(_directory["db"], options))).ParamName
            .ShouldBe(name);
    }

    [Theory]
    [MemberData(nameof(Times))]
    public async Task A_time_that_no_clock_can_wait_for_is_refused(string name)
    {
        foreach (TimeSpan value in (TimeSpan[])[TimeSpan.FromSeconds(-5), TimeSpan.Zero, TimeSpan.MaxValue, Timeout.InfiniteTimeSpan])
        {
            RaveOptions options = new();
            Set(options, name, value);
            (await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await RaveLevel.OpenAsync(_directory["db"], options)))
                .ParamName.ShouldBe(name);
        }
    }

    [Fact]
    public async Task Null_and_contradicting_options_are_refused()
    {
        (await Should.ThrowAsync<ArgumentNullException>(async () => await RaveLevel.OpenAsync(null!))).ParamName.ShouldBe("location");
        (await Should.ThrowAsync<ArgumentException>(async () => await RaveLevel.OpenAsync(""))).ParamName.ShouldBe("location");
        (await Should.ThrowAsync<ArgumentNullException>(async () => await RaveLevel.OpenAsync(_directory["db"], new() { Limits = null! })))
            .ParamName!.ShouldContain("Limits");
        (await Should.ThrowAsync<ArgumentNullException>(async () =>
            await RaveLevel.OpenAsync(_directory["db"], new() { TimeProvider = null! }))).ParamName!.ShouldContain("TimeProvider");
        (await Should.ThrowAsync<ArgumentException>(async () =>
            await RaveLevel.OpenAsync(_directory["db"], new() { CreateIfMissing = false, ErrorIfExists = true })))
            .Message.ShouldContain("ErrorIfExists");
    }

    [Fact]
    public async Task The_longest_times_and_the_smallest_numbers_that_are_accepted_work()
    {
        RaveOptions options = new()
        {
            OperationTimeout = TimeSpan.FromMilliseconds(int.MaxValue), OpenTimeout = TimeSpan.FromMilliseconds(int.MaxValue),
            CacheSize = 0, WriteBufferSize = 1, BlockSize = 1, MaxOpenFiles = 1, BlockRestartInterval = 1, MaxFileSize = 1,
            BloomFilterBits = 0, MaxLeadersLost = 1,
        };
        await using RaveLevel db = await RaveLevel.OpenAsync(_directory["db"], options);
        await using RaveLevel follower = await RaveLevel.OpenAsync(_directory["db"], options);
        await follower.PutAsync("a", "1");
        await db.CompactRangeAsync();
        (await follower.GetAsync("a")).ShouldBe("1");
    }

    private static IEnumerable<string> Properties(Type type, Type of) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.PropertyType == of)
            .Select(property => property.Name);

    private static void Set(object options, string name, object value) => options.GetType().GetProperty(name)!.SetValue(options, value);
}

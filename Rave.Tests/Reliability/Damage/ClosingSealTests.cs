using Rave.Client;
using Rave.Server.LevelDb;
using Rave.Tests.Harness;

namespace Rave.Tests.Reliability;

// LevelDB takes a log that ends too early for one whose writer died. The seal of a closed database shows that it was complete.
public sealed class ClosingSealTests
{
    [Theory]
    [InlineData("missing")]
    [InlineData("empty")]
    [InlineData("cut")]
    [InlineData("zeros at the end")]
    [InlineData("a length that points beyond the end")]
    public async Task A_log_that_was_damaged_after_closing_is_refused_and_repaired(string damage)
    {
        using TempDirectory directory = new();
        await PutAsync(directory["db"], "first", "last");
        string log = new DirectoryInfo(directory["db"]).GetFiles("*.log").ShouldHaveSingleItem().FullName;
        byte[] whole = File.ReadAllBytes(log);
        int last = whole.AsSpan().LastIndexOf("last"u8);
        switch (damage)
        {
            case "missing": File.Delete(log); break;
            case "empty": File.WriteAllBytes(log, []); break;
            case "cut": File.WriteAllBytes(log, whole[..last]); break;
            case "zeros at the end": File.WriteAllBytes(log, [.. whole[..last], .. new byte[whole.Length - last]]); break;
            default:
                // The length of the first record, two bytes after the four of its checksum. Everything is lost without an error.
                whole[5] ^= 0x40;
                File.WriteAllBytes(log, whole);
                break;
        }

        for (int attempt = 0; attempt < 2; attempt++)
        {
            RaveException refused = await RaveLevel.OpenAsync(directory["db"]).ShouldThrowAsync<RaveException>();
            refused.Code.ShouldBe("LEVEL_CORRUPTION");
            refused.Message.ShouldContain(log);
        }

        await RaveLevel.RepairAsync(directory["db"]);
        await using RaveLevel repaired = await RaveLevel.OpenAsync(directory["db"]);
        (await repaired.GetAsync("last")).ShouldBeNull("it was in the part that is gone");
    }

    [Fact]
    public async Task A_database_that_another_program_has_written_since_or_created_again_is_opened()
    {
        using TempDirectory directory = new();
        await PutAsync(directory["db"], "ours");
        PutAsForeigner(directory["db"], create: false);
        await using (RaveLevel db = await RaveLevel.OpenAsync(directory["db"]))
        {
            (await db.GetManyAsync(["ours", "theirs"])).ShouldBe(["x", "x"]);
        }

        await RaveLevel.DestroyAsync(directory["db"]);
        await PutAsync(directory["db"], "ours");
        await RaveLevel.DestroyAsync(directory["db"]);
        // Its MANIFEST has the name of the one that was deleted.
        PutAsForeigner(directory["db"], create: true);
        await using RaveLevel anew = await RaveLevel.OpenAsync(directory["db"]);
        (await anew.GetManyAsync(["ours", "theirs"])).ShouldBe([null, "x"]);
    }

    private static async Task PutAsync(string location, params string[] keys)
    {
        await using RaveLevel db = await RaveLevel.OpenAsync(location);
        foreach (string key in keys)
        {
            await db.PutAsync(key, "x");
        }
    }

    private static void PutAsForeigner(string location, bool create)
    {
        using LevelDatabase foreigner = LevelDatabase.Open(location, new(), create);
        foreigner.Put("theirs"u8, "x"u8, sync: false);
    }
}

using Rave.Client;
using Rave.Tests.Harness;

namespace Rave.Tests.Cli;

public sealed class RepairTests
{
    [Fact]
    public async Task A_damaged_database_is_repaired_when_no_process_has_it_open()
    {
        using TempDirectory directory = new();
        await using (RaveLevel db = await RaveLevel.OpenAsync(directory["db"]))
        {
            await db.PutAsync("hello", "world");
            (await RepairAsync(directory["db"])).ShouldBe((3, "", $"rave-server: '{directory["db"]}'"
                + $" is open in process {Environment.ProcessId} ({Name()}). "
                + "Close it in all processes first.\n"));
        }

        string lost = await File.ReadAllTextAsync(directory["db/CURRENT"]);
        File.Delete(directory["db/CURRENT"]);
        (int exit, string output, string errors) = await RepairAsync(directory["db"]);
        exit.ShouldBe(0, errors);
        string[] lines = output.Split('\n');
        lines[0].ShouldBe($"repaired {directory["db"]}");
        lines[1].ShouldStartWith($"copy {directory["db"]}.before-repair-");
        File.Exists(Path.Combine(lines[1]["copy ".Length..], lost.Trim())).ShouldBeTrue("the manifest that it had");

        await using RaveLevel repaired = await RaveLevel.OpenAsync(directory["db"], new() { CreateIfMissing = false });
        (await repaired.GetAsync("hello")).ShouldBe("world");
    }

    private static string Name() => File.ReadAllText("/proc/self/comm").Trim();

    private static async Task<(int Exit, string Output, string Errors)> RepairAsync(string location)
    {
        await using ChildProcess repair = ChildProcess.StartServer(location, "--repair");
        int exit = await repair.WaitForExitAsync();
        return (exit, await repair.ReadToEndAsync(), await repair.Errors);
    }
}

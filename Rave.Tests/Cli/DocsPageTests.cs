using System.Text.RegularExpressions;
using Rave.Tests.Harness;

namespace Rave.Tests.Cli;

// /docs in a real browser.
[Collection(LoopbackSuite.Name)]
[Needs(Need.Chromium)]
public sealed partial class DocsPageTests(SharedLoopback shared)
{
    [Fact]
    public async Task The_documentation_renders_every_operation_without_an_error_in_the_console()
    {
        (string page, string[] console) = await OpenAsync(new Uri(shared.Server.Address, "/docs").ToString());
        console.ShouldBeEmpty();
        page.ShouldContain("<title>RaveLevel</title>");
        page.ShouldContain("Authorize");
        HashSet<string> shown = [.. DataPath().Matches(page).Select(match => match.Groups[1].Value)];
        shown.ShouldContain("/v1/kv/{key}");
        shown.ShouldContain("/v1/entries");
        shown.ShouldContain("/metrics");
    }

    [Fact]
    public async Task An_error_in_the_console_is_detected()
    {
        (_, string[] console) = await OpenAsync("data:text/html,<script>console.error('it broke')</script>");
        console.ShouldHaveSingleItem().ShouldContain("it broke");
    }

    // The document after its scripts have ended, and the messages of the console. Virtual time passes as fast as the page allows.
    private static async Task<(string Page, string[] Console)> OpenAsync(string address)
    {
        using TempDirectory profile = new();
        await using ChildProcess browser = ChildProcess.Start(
            Machine.Chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--no-first-run",
            $"--user-data-dir={profile.Path}", "--virtual-time-budget=20000", "--enable-logging=stderr", "--dump-dom", address);
        string page = await browser.ReadToEndAsync();
        (await browser.WaitForExitAsync()).ShouldBe(0, await browser.Errors);
        string[] console = [.. (await browser.Errors).Split('\n').Where(line => line.Contains("CONSOLE", StringComparison.Ordinal))];
        return (page, console);
    }

    [GeneratedRegex("data-path=\"([^\"]*)\"")]
    private static partial Regex DataPath();
}

using Rave.Tests.Endpoints;
using Rave.Tests.Harness;

namespace Rave.Tests.OpenApi;

// Clients that common generators create from the document compile and work. Skipped if their packages are not available.
public sealed class GeneratedClientTests(SharedLeader leader) : IClassFixture<SharedLeader>, IDisposable
{
    private static readonly TimeSpan InstallPatience = TimeSpan.FromSeconds(60);

    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Clients_from_NSwag_and_Kiota_put_get_batch_load_page_and_report_problems()
    {
        await PrepareAsync("CSharp");
        await InstallAsync("dotnet", "tool", "install", "NSwag.ConsoleCore", "--version", "14.8.0", "--tool-path", _directory["tools"]);
        await InstallAsync("dotnet", "tool", "install", "Microsoft.OpenApi.Kiota", "--version", "1.38.0", "--tool-path",
            _directory["tools"]);
        await RunAsync(
            _directory["tools/nswag"], "openapi2csclient", $"/input:{_directory["v1.json"]}", $"/output:{_directory["client/NSwag.cs"]}",
            "/namespace:Generated.NSwag", "/jsonLibrary:SystemTextJson", "/generateOptionalParameters:true");
        await RunAsync(
            _directory["tools/kiota"], "generate", "-l", "CSharp", "-d", _directory["v1.json"], "-c", "RaveClient", "-n", "Generated.Kiota",
                "-o", _directory["client/Kiota"], "--ll", "Error");
        await InstallAsync("dotnet", "restore", _directory["client"]);
        await RunAsync("dotnet", "build", "--no-restore", "-v", "quiet", "-o", _directory["built"], _directory["client"]);
        Said(await RunAsync(_directory["built/Clients"], leader.SocketPath), "n", "k");
    }

    [Fact]
    [Needs(Need.Node)]
    public async Task A_client_with_the_types_of_openapi_typescript_does_the_same()
    {
        await PrepareAsync("TypeScript");
        await InstallAsync("npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline");
        await RunAsync("npx", "openapi-typescript", _directory["v1.json"], "-o", "schema.d.ts");
        await RunAsync("npx", "tsc");
        Said(await RunAsync("node", "client.js", leader.SocketPath), "t");
    }

    private static void Said(string output, params string[] prefixes) => output.ShouldBe(string.Join('\n', prefixes.Select(prefix =>
        $"""
        world
        2 none
        1
        {prefix}/a b=world {prefix}/b=2
        {prefix}/d=4
        true
        404 LEVEL_NOT_FOUND
        """)), StringCompareShould.IgnoreCase);

    private async Task PrepareAsync(string client)
    {
        Directory.CreateDirectory(_directory["client"]);
        foreach (string file in Directory.GetFiles(Repository.PathOf($"Rave.Tests/OpenApi/Clients/{client}")))
        {
            File.Copy(file, Path.Combine(_directory["client"], Path.GetFileName(file)));
        }

        await File.WriteAllTextAsync(_directory["v1.json"], (await leader.GetAsync("/openapi/v1.json")).Text);
    }

    private async Task InstallAsync(string program, params string[] arguments)
    {
        await using ChildProcess install = Start(program, arguments);
        try
        {
            string output = await install.ReadToEndAsync().WaitAsync(InstallPatience);
            if (await install.WaitForExitAsync() != 0)
            {
                NotRun.Skip(NotRun.Packages, $"{program}: {output} {await install.Errors}");
            }
        }
        catch (TimeoutException)
        {
            NotRun.Skip(NotRun.Packages, $"{program} did not get them within {InstallPatience.TotalSeconds} s.");
        }
    }

    private async Task<string> RunAsync(string program, params string[] arguments)
    {
        await using ChildProcess run = Start(program, arguments);
        string output = await run.ReadToEndAsync();
        (await run.WaitForExitAsync()).ShouldBe(0, $"{program}: {output} {await run.Errors}");
        return output;
    }

    private ChildProcess Start(string program, string[] arguments) => ChildProcess.Start(program, arguments, start =>
    {
        start.WorkingDirectory = _directory["client"];
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        // It looks for a newer version of itself otherwise.
        start.Environment["KIOTA_OFFLINE_ENABLED"] = "true";
    });
}

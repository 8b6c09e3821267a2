using Rave.Tests.Harness;

namespace Rave.Tests.Consumers;

// Programs of other people that reference Rave.Client: they build, and lead a database on their own.
public sealed class ConsumerTests
{
    private const string Use = """
        await using RaveLevel db = await RaveLevel.OpenAsync(args[0]);
        await db.PutAsync("hello", "world");
        Console.WriteLine($"{await db.GetAsync("hello")} {db.IsLeader}");
        """;

    // As this assembly was built: bin/Debug/net10.0/.
    private static readonly string Configuration = Path.GetFileName(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)))!;

    private const string WebUse = $"""
        WebApplication app = WebApplication.CreateBuilder().Build();
        app.MapGet("/", () => "hello");
        {Use}
        """;

    [Fact]
    public async Task A_self_contained_program_a_web_server_and_the_readme_s_sample_build_and_run()
    {
        using TempDirectory directory = new();
        Write(directory, "contained", "Microsoft.NET.Sdk", Use, "<SelfContained>true</SelfContained>");
        Write(directory, "web", "Microsoft.NET.Sdk.Web", WebUse);
        Write(directory, "readme", "Microsoft.NET.Sdk", ReadmeSample());
        File.WriteAllText(directory["consumers.slnx"], """
            <Solution>
              <Project Path="contained/contained.csproj" />
              <Project Path="web/web.csproj" />
              <Project Path="readme/readme.csproj" />
            </Solution>
            """);

        // What they reference was built with this assembly, and is in use: it is taken as it stands, not built again.
        await using ChildProcess build = ChildProcess.Start(
            "dotnet", "build", directory["consumers.slnx"], "-c", Configuration, "-nodeReuse:false", "-p:UseSharedCompilation=true", "-p:BuildProjectReferences=false", "-p:RunAnalyzers=false");
        string output = await build.ReadToEndAsync();
        (await build.WaitForExitAsync()).ShouldBe(0, output);

        foreach (string name in (string[])["contained", "web"])
        {
            await ExpectAsync(directory, name, "world True");
        }

        await ExpectAsync(directory, "readme", "user:2 is Grace");
    }

    private static async Task ExpectAsync(TempDirectory directory, string name, string output)
    {
        string executable = Directory.EnumerateFiles(directory[$"{name}/bin"], name, SearchOption.AllDirectories).Single();
        await using ChildProcess consumer = ChildProcess.Start(executable, [directory[$"{name}-db"]], start => start.WorkingDirectory = directory.Path);
        (await consumer.ReadToEndAsync()).ShouldBe(output, $"{name}: {await consumer.Errors}");
        (await consumer.WaitForExitAsync()).ShouldBe(0);
    }

    // What stands between the fences of the README's C# section.
    private static string ReadmeSample() =>
        File.ReadAllText(Repository.PathOf("README.md")).Split("```csharp\n")[1].Split("```")[0].Replace("using Rave.Client;", "", StringComparison.Ordinal);

    private static void Write(TempDirectory directory, string name, string sdk, string program, string properties = "")
    {
        Directory.CreateDirectory(directory[name]);
        File.WriteAllText(directory[$"{name}/Program.cs"], $"using Rave.Client;\n{program}");
        File.WriteAllText(directory[$"{name}/{name}.csproj"], $"""
            <Project Sdk="{sdk}">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <UseCurrentRuntimeIdentifier>true</UseCurrentRuntimeIdentifier>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                {properties}
              </PropertyGroup>
              <ItemGroup>
                <ProjectReference Include="{Repository.PathOf("Rave.Client/Rave.Client.csproj")}" />
              </ItemGroup>
            </Project>
            """);
    }
}

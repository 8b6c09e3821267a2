using Rave.Tests.Harness;

namespace Rave.Tests.Consumers;

// A project of somebody else's that references our libraries. They were built with this assembly and are in use, so they are taken as they
// stand, not built again.
internal static class Consumer
{
    // As this assembly was built: bin/Debug/net10.0/.
    internal static readonly string Configuration =
        Path.GetFileName(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)))!;

    internal static string Reference(string project) =>
        $"""<ProjectReference Include="{Repository.PathOf($"{project}/{project}.csproj")}" />""";

    internal static void Write(
        TempDirectory directory, string name, string sdk, string program, string properties = "", string items = "")
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
                {Reference("Rave.Client")}
                {items}
              </ItemGroup>
            </Project>
            """);
    }

    // Publishes the program without a warning that names us, or of the analysis of what is trimmed, and returns what it prints for the
    // location.
    internal static async Task<string> PublishAndRunAsync(string how, string use, string location, string items = "")
    {
        using TempDirectory directory = new();
        Write(directory, "published", "Microsoft.NET.Sdk", use,
            $"<{how}>true</{how}><SelfContained>true</SelfContained><TreatWarningsAsErrors>false</TreatWarningsAsErrors>", items);
        await using ChildProcess publish = ChildProcess.Start(
            "dotnet", "publish", directory["published"], "-c", Configuration, "-o", directory["out"],
            "-nodeReuse:false", "-p:BuildProjectReferences=false", "-p:RunAnalyzers=false");
        string output = await publish.ReadToEndAsync();
        if (output.Contains("NU1101", StringComparison.Ordinal) || output.Contains("NU1301", StringComparison.Ordinal))
        {
            NotRun.Skip(NotRun.Packages, output);
        }

        (await publish.WaitForExitAsync()).ShouldBe(0, output);
        output.Split('\n').Where(line => line.Contains("warning IL", StringComparison.Ordinal)
            || (line.Contains("warning", StringComparison.Ordinal) && line.Contains("Rave.", StringComparison.Ordinal))).ShouldBeEmpty();
        await using ChildProcess program = ChildProcess.Start(directory["out/published"], location);
        string printed = await program.ReadToEndAsync();
        (await program.WaitForExitAsync()).ShouldBe(0, await program.Errors);
        return printed;
    }
}

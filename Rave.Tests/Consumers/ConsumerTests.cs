using Rave.Tests.Etcd;
using Rave.Tests.Harness;

namespace Rave.Tests.Consumers;

// Programs of other people that reference Rave.Client: they build, and lead a database on their own. And ours, once published.
public sealed class ConsumerTests
{
    // The libraries, and Refit with its dependencies.
    private static readonly string[] Ours =
        ["Rave.Client.dll", "Rave.Server.dll", "Refit.dll", "ReactiveUI.Primitives.dll", "ReactiveUI.Primitives.Core.dll",
            "ReactiveUI.Disposables.dll"];

    private const string Folder = "a folder";
    private const string Cluster = "a cluster";

    private const string Use = """
        await using RaveLevel db = await RaveLevel.OpenAsync(args[0]);
        await db.PutAsync("hello", "world");
        Console.WriteLine($"{await db.GetAsync("hello")} {db.IsLeader}");
        """;

    private const string WebUse = $"""
        WebApplication app = WebApplication.CreateBuilder().Build();
        app.MapGet("/", () => "hello");
        {Use}
        """;

    // A registry may have only near ones.
    private const string OtherVersions = "<NoWarn>NU1603</NoWarn>";

    // Its own document, and its leader's.
    private const string SwaggerUse = """
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddEndpointsApiExplorer().AddSwaggerGen().AddRaveLevel(args[0]);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        app.UseSwagger();
        app.MapGet("/name", async (RaveLevel db) => await db.GetAsync("name"));
        await app.StartAsync();
        await app.Services.GetRequiredService<RaveLevel>().PutAsync("name", "Ada");
        using HttpClient http = new() { BaseAddress = new(app.Urls.First()) };
        string own = await http.GetStringAsync("/swagger/v1/swagger.json");
        using HttpClient leader = new(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancelled) =>
            {
                System.Net.Sockets.Socket socket = new(
                    System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream,
                    System.Net.Sockets.ProtocolType.Unspecified);
                await socket.ConnectAsync(new System.Net.Sockets.UnixDomainSocketEndPoint(args[0] + "/rave.sock"), cancelled);
                return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
            },
        });
        string leaders = await leader.GetStringAsync("http://rave/openapi/v1.json");
        Console.WriteLine($"{await http.GetStringAsync("/name")} {own.Contains("\"/name\"")} {leaders.Contains("/v1/kv/")}");
        await app.StopAsync();
        """;

    private const string CommandLineUse = """
        System.CommandLine.RootCommand command = new();
        System.CommandLine.Argument<string> location = new("location");
        command.AddArgument(location);
        System.CommandLine.Handler.SetHandler(command, async (string path) =>
        {
            await using RaveLevel db = await RaveLevel.OpenAsync(path);
            await db.PutAsync("hello", "world");
            Console.WriteLine($"{await db.GetAsync("hello")} {db.IsLeader}");
        }, location);
        return await System.CommandLine.CommandExtensions.InvokeAsync(command, args);
        """;

    [Fact]
    public async Task A_self_contained_program_a_web_server_and_the_readme_s_sample_build_and_run()
    {
        using TempDirectory directory = new();
        Consumer.Write(directory, "contained", "Microsoft.NET.Sdk", Use, "<SelfContained>true</SelfContained>");
        Consumer.Write(directory, "web", "Microsoft.NET.Sdk.Web", WebUse);
        Consumer.Write(directory, "readme", "Microsoft.NET.Sdk", ReadmeSample());
        // Versions that clash with those of our programs. Only our programs need those, so they must not reach the consumer. A warning
        // about them would be an error here.
        Consumer.Write(directory, "swagger", "Microsoft.NET.Sdk.Web", SwaggerUse, OtherVersions,
            """<PackageReference Include="Swashbuckle.AspNetCore" Version="9.0.6" />""");
        Consumer.Write(directory, "commands", "Microsoft.NET.Sdk", CommandLineUse, OtherVersions,
            """<PackageReference Include="System.CommandLine" Version="2.0.0-beta4.22272.1" />""");
        File.WriteAllText(directory["consumers.slnx"], """
            <Solution>
              <Project Path="contained/contained.csproj" />
              <Project Path="web/web.csproj" />
              <Project Path="readme/readme.csproj" />
              <Project Path="swagger/swagger.csproj" />
              <Project Path="commands/commands.csproj" />
            </Solution>
            """);

        await using ChildProcess build = ChildProcess.Start(
            "dotnet", "build", directory["consumers.slnx"], "-c", Consumer.Configuration, "-nodeReuse:false",
            "-p:UseSharedCompilation=true", "-p:BuildProjectReferences=false", "-p:RunAnalyzers=false");
        string output = await build.ReadToEndAsync();
        (await build.WaitForExitAsync()).ShouldBe(0, output);

        foreach (string name in (string[])["contained", "web"])
        {
            await ExpectAsync(directory, name, "world True");
        }

        await ExpectAsync(directory, "readme", "user:2 is Grace");
        await ExpectAsync(directory, "swagger", "Ada True True");
        await ExpectAsync(directory, "commands", "world True");
        Libraries(directory, "swagger").ShouldBe(
            [
                .. Ours, "Microsoft.OpenApi.dll", "swagger.dll",
                "Swashbuckle.AspNetCore.Swagger.dll", "Swashbuckle.AspNetCore.SwaggerGen.dll", "Swashbuckle.AspNetCore.SwaggerUI.dll",
            ],
            ignoreOrder: true);
        Libraries(directory, "readme").ShouldBe([.. Ours, "readme.dll"], ignoreOrder: true);
        Libraries(directory, "commands").ShouldBe([.. Ours, "System.CommandLine.dll", "commands.dll"], ignoreOrder: true);
    }

    [Theory]
    [InlineData(Folder)]
    [InlineData(Cluster)]
    public Task It_is_published_as_a_single_file_without_a_warning_of_ours_and_runs(string location) =>
        PublishAndRunAsync("PublishSingleFile", location);

    // A minute and more.
    [Theory]
    [Needs(Need.LongRun)]
    [InlineData("PublishTrimmed", Folder)]
    [InlineData("PublishTrimmed", Cluster)]
    [InlineData("PublishAot", Folder)]
    [InlineData("PublishAot", Cluster)]
    public Task It_is_published_trimmed_and_compiled_without_a_warning_of_ours_and_runs(string how, string location) =>
        PublishAndRunAsync(how, location);

    private static async Task PublishAndRunAsync(string how, string location)
    {
        if (location == Cluster)
        {
            string? cluster = await SubjectsMember.NewLocationAsync();
            Assert.SkipWhen(cluster is null, EtcdProgram.Missing);
            (await Consumer.PublishAndRunAsync(how, EtcdSample(), cluster, Consumer.Reference("Rave.Etcd"))).ShouldBe("user:2 is Grace");
            return;
        }

        using TempDirectory directory = new();
        (await Consumer.PublishAndRunAsync(how, Use, directory["db"])).ShouldBe("world True");
    }

    // Without building: as they were built with this assembly.
    [Theory]
    [InlineData(
        "Rave.Server", "rave-server", new[] { "Rave.Server.dll", "Swashbuckle.AspNetCore.SwaggerUI.dll", "System.CommandLine.dll" })]
    [InlineData("Rave.Cli", "rave", new[]
    {
        "Rave.Cli.dll", "Rave.Client.dll", "Rave.Server.dll", "Refit.dll", "ReactiveUI.Primitives.dll", "ReactiveUI.Primitives.Core.dll",
        "ReactiveUI.Disposables.dll", "System.CommandLine.dll",
        // For rave serve.
        "Rave.Etcd.dll", "Google.Protobuf.dll", "Grpc.Core.Api.dll", "Grpc.Net.Client.dll", "Grpc.Net.Common.dll",
        "Swashbuckle.AspNetCore.SwaggerUI.dll",
    })]
    public async Task Our_programs_are_published_with_what_they_need(string project, string program, string[] libraries)
    {
        using TempDirectory directory = new();
        await using ChildProcess publish = ChildProcess.Start(
            "dotnet", "publish", Repository.PathOf(project), "-c", Consumer.Configuration, "--no-build", "-o", directory["out/bin"],
            "-nodeReuse:false", "-p:PublishReadyToRun=false");
        string output = await publish.ReadToEndAsync();
        (await publish.WaitForExitAsync()).ShouldBe(0, output);
        Libraries(directory, "out").ShouldBe(libraries, ignoreOrder: true);
        await using ChildProcess published = ChildProcess.Start(directory[$"out/bin/{program}"], "--help");
        (await published.ReadToEndAsync()).ShouldContain("Usage:", customMessage: await published.Errors);
        (await published.WaitForExitAsync()).ShouldBe(0);
    }

    private static IEnumerable<string> Libraries(TempDirectory directory, string name) =>
        Directory.EnumerateFiles(directory[$"{name}/bin"], "*.dll", SearchOption.AllDirectories).Select(path => Path.GetFileName(path))
            .Where(name => !name.EndsWith(".resources.dll", StringComparison.Ordinal));

    private static async Task ExpectAsync(TempDirectory directory, string name, string output)
    {
        string executable = Directory.EnumerateFiles(directory[$"{name}/bin"], name, SearchOption.AllDirectories).Single();
        await using ChildProcess consumer = ChildProcess.Start(executable, [directory[$"{name}-db"]], start =>
            start.WorkingDirectory = directory.Path);
        (await consumer.ReadToEndAsync()).ShouldBe(output, $"{name}: {await consumer.Errors}");
        (await consumer.WaitForExitAsync()).ShouldBe(0);
    }

    // The code in the README's C# section.
    private static string ReadmeSample() =>
        File.ReadAllText(Repository.PathOf("README.md")).Split("```csharp\n")[1].Split("```")[0]
            .Replace("using Rave.Client;", "", StringComparison.Ordinal);

    // That of docs/etcd.md, with the location that it is given.
    private static string EtcdSample()
    {
        const string location = "\"etcd://127.0.0.1:23790,127.0.0.1:23791,127.0.0.1:23792/app\"";
        string sample = File.ReadAllText(Repository.PathOf("docs/etcd.md")).Split("```csharp\nusing Rave.Client;\n")[1].Split("```")[0];
        sample.ShouldContain(location);
        return sample.Replace(location, "args[0]", StringComparison.Ordinal);
    }
}

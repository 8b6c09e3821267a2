using Rave.Tests.Harness;

namespace Rave.Tests.Interop;

// Node with npm's classic-level, installed into a folder of the test's own.
public sealed class Node : IAsyncLifetime
{
    // A package and its dependencies download in a few seconds. A slower registry counts as missing.
    private static readonly TimeSpan InstallPatience = TimeSpan.FromSeconds(20);

    private readonly TempDirectory _directory = new();
    private string? _reason;

    public async ValueTask InitializeAsync()
    {
        if (!Machine.Has(Need.Node))
        {
            return;
        }

        // The package contains its binary, so no install script runs.
        await using ChildProcess npm = ChildProcess.Start(
            "npm",
            ["install", "--prefix", _directory.Path, "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline",
                "classic-level@3.0.0"],
            start => start.WorkingDirectory = _directory.Path);
        try
        {
            int exitCode = await npm.WaitForExitAsync().WaitAsync(InstallPatience);
            _reason = exitCode == 0 ? null : $"npm could not install classic-level: {await npm.Errors}";
        }
        catch (TimeoutException)
        {
            _reason = $"npm did not install classic-level within {InstallPatience.TotalSeconds} s.";
        }
    }

    public ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return default;
    }

    private void SkipUnlessInstalled()
    {
        if (_reason is not null)
        {
            NotRun.Skip("the npm package classic-level", _reason);
        }
    }

    // Runs a script with a ClassicLevel opened at the location as `db`, and returns its output.
    internal async Task<string> RunAsync(string location, string script)
    {
        SkipUnlessInstalled();
        string file = _directory[$"{Guid.NewGuid()}.js"];
        await File.WriteAllTextAsync(file, $$"""
            const { ClassicLevel } = require('classic-level');
            (async () => {
              const db = new ClassicLevel(process.argv[2], { compression: true });
              await db.open();
              {{script}}
              await db.close();
            })();
            """);
        await using ChildProcess node = ChildProcess.Start("node", file, location);
        string output = await node.ReadToEndAsync();
        (await node.WaitForExitAsync()).ShouldBe(0, await node.Errors);
        return output;
    }

    // "held", and it has the database until its standard input ends; or "refused" and why.
    internal async Task<ChildProcess> OpenAsync(string location)
    {
        SkipUnlessInstalled();
        string file = _directory[$"{Guid.NewGuid()}.js"];
        await File.WriteAllTextAsync(file, """
            const { ClassicLevel } = require('classic-level');
            const db = new ClassicLevel(process.argv[2]);
            db.open().then(
              () => { console.log('held'); process.stdin.resume().on('end', () => db.close()); },
              refusal => console.log('refused', refusal.cause.code));
            """);
        return ChildProcess.Start("node", file, location);
    }
}

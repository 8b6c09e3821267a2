using System.Globalization;
using Rave.Tests.Harness;

namespace Rave.Tests.Leadership;

// Runs a command as a user who is not root, because root ignores file modes. If the tests run as root, this is another user.
internal static class OrdinaryUser
{
    private const int User = 4713;

    private static readonly string[] As = ["setpriv", $"--reuid={User}", $"--regid={User}", "--clear-groups"];

    // Makes this user the owner of the directory.
    internal static async Task OwnAsync(string directory)
    {
        if (Environment.IsPrivilegedProcess)
        {
            await using ChildProcess chown = ChildProcess.Start("chown", User.ToString(CultureInfo.InvariantCulture), directory);
            (await chown.WaitForExitAsync()).ShouldBe(0, await chown.Errors);
            (int exit, _, string errors) = await RunAsync($"{ChildProcess.ServerPath} --version");
            if (exit != 0)
            {
                NotRun.Skip(NotRun.OtherUsers, errors);
            }
        }
    }

    internal static async Task<(int Exit, string Output, string Errors)> RunAsync(string command)
    {
        string[] words = [.. Environment.IsPrivilegedProcess ? As : [], "sh", "-c", command];
        await using ChildProcess process = ChildProcess.Start(words[0], words[1..]);
        string output = await process.ReadToEndAsync();
        return (await process.WaitForExitAsync(), output, await process.Errors);
    }
}

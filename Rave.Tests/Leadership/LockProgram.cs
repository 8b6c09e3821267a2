using Rave.Tests.Harness;

namespace Rave.Tests.Leadership;

// A few lines of C that lock a file as programs do that open LevelDB's directory themselves, until their standard input ends.
public sealed class LockProgram : IAsyncLifetime
{
    private const string Source =
        """
        #include <fcntl.h>
        #include <stdio.h>
        #include <string.h>
        #include <sys/file.h>

        int main(int count, char **words)
        {
            int file = open(words[2], O_RDWR | O_CREAT, 0644);
            struct flock all = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
            int result = strcmp(words[1], "flock") == 0 ? flock(file, LOCK_EX | LOCK_NB) : fcntl(file, F_SETLK, &all);
            puts(result == 0 ? "held" : "refused");
            fflush(stdout);
            if (result == 0)
                getchar();
            return result == 0 ? 0 : 1;
        }
        """;

    private readonly TempDirectory _directory = new();

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(_directory["holder.c"], Source);
        if (Machine.Has(Need.Gcc))
        {
            await using ChildProcess gcc = ChildProcess.Start("gcc", "-o", _directory["holder"], _directory["holder.c"]);
            (await gcc.WaitForExitAsync()).ShouldBe(0, await gcc.Errors);
        }
    }

    public ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return default;
    }

    // Locks LOCK in the location, by "flock" or by "fcntl"; its first line is "held" or "refused".
    internal ChildProcess Start(string how, string location) =>
        ChildProcess.Start(_directory["holder"], how, Path.Combine(location, "LOCK"));

    internal async Task<string?> TryAsync(string how, string location)
    {
        await using ChildProcess program = Start(how, location);
        return await program.ReadLineAsync();
    }
}

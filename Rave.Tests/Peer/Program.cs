using Rave.Client;

namespace Rave.Tests.Peer;

// A program that uses a database, for tests to start, talk to and kill: `peer <location> [once <key> <value> [stay]]`.
// Prints `open` when its handle is open, `leader` whenever it begins to lead, and answers a line to each line of standard input.
internal static class Program
{
    private static async Task Main(string[] arguments)
    {
        await using RaveLevel db = await RaveLevel.OpenAsync(arguments[0]);
        if (arguments is [_, "once", var key, var value, ..])
        {
            await db.PutAsync(key, value);
            if (arguments is [.., "stay"])
            {
                Console.WriteLine("put");
                await Console.In.ReadToEndAsync();
            }

            return;
        }

        db.Leader += (_, _) => Console.WriteLine("leader");
        Console.WriteLine("open");
        if (db.IsLeader)
        {
            Console.WriteLine("leader");
        }

        while (await Console.In.ReadLineAsync() is { } line)
        {
            Console.WriteLine(await AnswerAsync(db, line.Split(' ')));
        }
    }

    private static async Task<string> AnswerAsync(RaveLevel db, string[] command)
    {
        try
        {
            switch (command)
            {
                case ["put", var key, var value]:
                    await db.PutAsync(key, value);
                    return "ok";
                case ["get", var key]:
                    return $"value {await db.GetAsync(key)}";
                // Puts many at once and says how many were acknowledged.
                case ["fill", var prefix, var count]:
                    await Task.WhenAll(Enumerable.Range(0, int.Parse(count)).Select(i => db.PutAsync($"{prefix}{i:00000}", $"{i}").AsTask()));
                    return $"filled {count}";
                default:
                    return "unknown";
            }
        }
        catch (RaveException failure)
        {
            return $"failed {failure.Code} {failure.Message}";
        }
    }
}

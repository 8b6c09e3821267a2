using Rave.Client;

namespace Rave.Tests.Peer;

// A program that uses databases. Tests start it, talk to it and kill it. It answers each line of standard input with one line.
// `peer <location>` opens a database. It prints `open` when its handle is open, and `leader` each time it begins to lead.
// `peer` opens and closes databases on command.
// `peer <location> <file> <name> <seed>` runs random operations until standard input ends, and writes its history to the file.
internal static class Program
{
    private static Task Main(string[] arguments) => arguments switch
    {
        [var location] => UseAsync(location),
        [var location, var file, var name, var seed] => RecordAsync(location, file, name, int.Parse(seed)),
        _ => UseMoreAsync(),
    };

    private static async Task UseAsync(string location)
    {
        await using RaveLevel db = await RaveLevel.OpenAsync(location);
        db.BecameLeader += (_, _) => Console.WriteLine("leader");
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

    private static async Task UseMoreAsync()
    {
        Console.WriteLine("ready");
        while (await Console.In.ReadLineAsync() is { } line)
        {
            switch (line.Split(' '))
            {
                // Leaves as soon as it has put.
                case ["once", var location, var key, var value]:
                    await using (RaveLevel db = await RaveLevel.OpenAsync(location))
                    {
                        await db.PutAsync(key, value);
                    }

                    Console.WriteLine("done");
                    break;
                // Stays until the next line.
                case ["stay", var location, var key, var value]:
                    await using (RaveLevel db = await RaveLevel.OpenAsync(location))
                    {
                        await db.PutAsync(key, value);
                        Console.WriteLine("done");
                        await Console.In.ReadLineAsync();
                    }

                    Console.WriteLine("closed");
                    break;
                default:
                    Console.WriteLine("unknown");
                    break;
            }
        }
    }

    // Some processes have short timeouts, so that a cancelled operation may still arrive.
    private static async Task RecordAsync(string location, string file, string name, int seed)
    {
        RaveEtcd.Register();
        TimeSpan patience = TimeSpan.FromSeconds(seed % 2 == 0 ? 1 : 30);
        using HistoryWriter history = new(file);
        await using RaveLevel db =
            await RaveLevel.OpenAsync(location, new() { OperationTimeout = patience, OpenTimeout = TimeSpan.FromMinutes(1) });
        Console.WriteLine("open");
        using CancellationTokenSource stop = new();
        Task work = new Workload(new HandleWork(db), history, name, seed).RunAsync(stop.Token);
        await Task.WhenAny(work, Console.In.ReadToEndAsync());
        await stop.CancelAsync();
        await work;
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
                // Puts many entries at once and prints how many were acknowledged.
                case ["fill", var prefix, var count]:
                    await Task.WhenAll(Enumerable.Range(0, int.Parse(count))
                        .Select(i => db.PutAsync($"{prefix}{i:00000}", $"{i}").AsTask()));
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

using System.Globalization;
using Rave.Client;
using Rave.Server.Files;
using Rave.Tests.Harness;

namespace Rave.Tests.Reliability;

// Damages any part of a closed database in any way. Everything that a repair keeps is correct, and it reports its losses. With
// RAVE_CHAOS=1 in many more ways.
public sealed class RepairMatrixTests
{
    private const int InTables = 300;
    private const int InLog = 100;

    private static readonly int Rounds = Machine.RunsLong ? 2_000 : 20;

    [Theory]
    [InlineData(FileKind.Table)]
    [InlineData(FileKind.Log)]
    [InlineData(FileKind.Manifest)]
    internal async Task Kept_entries_are_right_and_losses_are_reported(FileKind kind)
    {
        using TempDirectory directory = new();
        await FillAsync(directory["whole"]);
        string[] files = [.. FileNames.In(directory["whole"], kind)];
        files.ShouldNotBeEmpty();
        int losses = 0;
        for (int round = 0; round < Rounds; round++)
        {
            string location = directory[$"damaged {round}"];
            Random random = new(round);
            Copy(directory["whole"], location);
            string damaged = files[random.Next(files.Length)];
            byte[] bytes = await File.ReadAllBytesAsync(Path.Combine(location, damaged));
            await File.WriteAllBytesAsync(Path.Combine(location, damaged), Damage(bytes, random));

            RepairReport report = await RaveLevel.RepairAsync(location);
            long left = await CheckAsync(location, round);
            report.Entries.ShouldBe(left, $"round {round}");
            if (left < InTables + InLog)
            {
                report.Lost.ShouldHaveSingleItem($"round {round}").File.ShouldBe(damaged);
                losses++;
            }

            if (kind == FileKind.Manifest)
            {
                report.Lost.ShouldBeEmpty("nothing but the MANIFEST is damaged");
            }

            Directory.Delete(location, recursive: true);
            Directory.Delete(report.Copy, recursive: true);
        }

        (losses > Rounds / 2).ShouldBe(kind != FileKind.Manifest);
    }

    private static byte[] Damage(byte[] bytes, Random random)
    {
        int at = random.Next(bytes.Length);
        switch (random.Next(5))
        {
            case 0:
                return bytes[..at];
            case 1:
                bytes.AsSpan(at, Math.Min(bytes.Length - at, random.Next(1, 10_000))).Clear();
                return bytes;
            case 2:
                random.NextBytes(bytes.AsSpan(at, Math.Min(bytes.Length - at, random.Next(1, 10_000))));
                return bytes;
            default:
                for (int flips = random.Next(1, 6); flips > 0; flips--)
                {
                    bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                }

                return bytes;
        }
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string name in FileNames.In(from).Append("rave.leader"))
        {
            File.Copy(Path.Combine(from, name), Path.Combine(to, name));
        }
    }

    // Values of which some are longer than a block of a log.
    private static string Value(int i) => new Random(i).GetHexString(i % 20 == 0 ? 50_000 : 1_000);

    private static string Key(int i) => string.Create(CultureInfo.InvariantCulture, $"key {i:0000}");

    private static async Task FillAsync(string location)
    {
        await FillAsync(location, 0, InTables);
        await FillAsync(location, InTables, InLog);
    }

    private static async Task FillAsync(string location, int first, int count)
    {
        await using RaveLevel db = await RaveLevel.OpenAsync(location, new() { MaxFileSize = 1 << 20, Compression = false });
        if (first > 0)
        {
            await db.CompactRangeAsync();
        }

        for (int i = first; i < first + count; i++)
        {
            await db.PutAsync(Key(i), Value(i));
        }
    }

    // The number of entries. Each must be one that was written.
    private static async Task<long> CheckAsync(string location, int round)
    {
        long count = 0;
        await using RaveLevel db = await RaveLevel.OpenAsync(location, new() { CreateIfMissing = false });
        await foreach ((string key, string value) in db.Iterate())
        {
            value.ShouldBe(Value(int.Parse(key["key ".Length..], CultureInfo.InvariantCulture)), $"round {round}, {key}");
            count++;
        }

        return count;
    }
}

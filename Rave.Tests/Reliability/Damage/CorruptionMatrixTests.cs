using System.Globalization;
using Rave.Client;
using Rave.Tests.Harness;
using static Rave.Tests.Reliability.ReadDatabase;

namespace Rave.Tests.Reliability;

// Damages every kind of file of a closed database in every way. A read is correct or an error, and the database is never silently empty.
// If the leader was killed, the log may have lost its end, and nothing else. With RAVE_CHAOS=1, at many more places of each file.
public sealed class CorruptionMatrixTests
{
    private const int Entries = ReadDatabase.Entries;
    private const int InLog = 60;
    private static readonly List<string> Everything = [.. ReadDatabase.AllKeys.Select((key, i) => $"{key}={ReadDatabase.Value(i)}")];

    private static readonly int Places = Machine.RunsLong ? 200 : 3;

    private static readonly bool EveryBlock = Places > 3;

    // At two hundred places of every file each database is read in some ways, and the next one in the others.
    private static readonly int Turns = EveryBlock ? 6 : 1;

    [Fact]
    public async Task Damage_is_an_error_or_harmless_and_never_a_wrong_value_or_an_empty_database()
    {
        using TempDirectory directory = new();
        await FillAsync(directory["whole"]);
        string[] files = [.. new DirectoryInfo(directory["whole"]).GetFiles().Select(file => file.Name).Order()];
        files.Count(file => file.EndsWith(".ldb", StringComparison.Ordinal)).ShouldBeGreaterThan(2);
        files.Count(IsLog).ShouldBe(1);
        List<string> wrong = [];
        SortedDictionary<string, int> results = new(StringComparer.Ordinal);
        int turn = 0;
        foreach (string file in files)
        {
            foreach ((string damage, Func<byte[], byte[]?> apply) in Damages())
            {
                foreach (bool killed in IsLog(file) ? new[] { false, true } : [false])
                {
                    string copy = directory["damaged"];
                    Copy(directory["whole"], copy);
                    if (killed)
                    {
                        // A killed leader leaves no seal.
                        File.Delete(Path.Combine(copy, "rave.leader"));
                    }

                    Damage(Path.Combine(copy, file), apply);
                    string result = await ReadAsync(copy, mayLoseTheEnd: killed, Reading.All.Where((_, i) => i % Turns == turn % Turns));
                    turn++;
                    bool isWrong = result.StartsWith("wrong", StringComparison.Ordinal);
                    string kind = $"{Kind(file)}{(killed ? " of a killed leader" : "")} {(isWrong ? "wrong" : result)}";
                    results[kind] = results.GetValueOrDefault(kind) + 1;
                    if (result.StartsWith("wrong", StringComparison.Ordinal))
                    {
                        wrong.Add($"{file}, {damage}, {(killed ? "killed" : "closed")}: {result}");
                    }

                    Directory.Delete(copy, recursive: true);
                }
            }
        }

        TestContext.Current.SendDiagnosticMessage("{0}", string.Join(", ", results.Select(result => $"{result.Key}: {result.Value}")));
        wrong.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_table_damaged_in_any_block_is_never_read_short_without_an_error()
    {
        using TempDirectory directory = new();
        await FillAsync(directory["whole"]);
        List<string> wrong = [];
        int errors = 0;
        int tried = 0;
        int blocks = 0;
        foreach (string table in Directory.GetFiles(directory["whole"], "*.ldb"))
        {
            foreach ((int start, int length) in TableBlocks.Of(await File.ReadAllBytesAsync(table)))
            {
                blocks++;
                // The first byte of a block, one in its middle, the byte of its compression, and the last byte of its checksum.
                int[] places = [start, start + (length / 2), start + length - 5, start + length - 1];
                foreach (int place in EveryBlock ? places : blocks % 5 == 0 ? [places[blocks % places.Length]] : [])
                {
                    string copy = directory["damaged"];
                    Copy(directory["whole"], copy);
                    Damage(Path.Combine(copy, Path.GetFileName(table)), bytes => Flip(bytes, place));
                    string result = await ReadAsync(copy, mayLoseTheEnd: false, Reading.All);
                    Directory.Delete(copy, recursive: true);
                    tried++;
                    errors += result == "LEVEL_CORRUPTION" ? 1 : 0;
                    wrong.AddRange(result is "LEVEL_CORRUPTION" or "right" ? [] : [$"{Path.GetFileName(table)} at {place}: {result}"]);
                }
            }
        }

        TestContext.Current.SendDiagnosticMessage("{0}",
            $"{tried} places in {blocks} blocks, each read in {Reading.All.Count()} ways: {errors} errors, {wrong.Count} wrong");
        wrong.ShouldBeEmpty();
        errors.ShouldBeGreaterThan(tried / 2);
    }

    private static string Kind(string file) => file switch
    {
        _ when file.StartsWith("MANIFEST", StringComparison.Ordinal) => "MANIFEST",
        _ when Path.GetExtension(file) is ".ldb" or ".log" => Path.GetExtension(file),
        _ => file,
    };

    private static bool IsLog(string file) => Path.GetExtension(file) == ".log";

    private static void Damage(string path, Func<byte[], byte[]?> apply)
    {
        if (apply(File.ReadAllBytes(path)) is { } damaged)
        {
            File.WriteAllBytes(path, damaged);
        }
        else
        {
            File.Delete(path);
        }
    }

    private static IEnumerable<(string Damage, Func<byte[], byte[]?> Apply)> Damages()
    {
        yield return ("missing", _ => null);
        yield return ("empty", _ => []);
        yield return ("garbage", bytes => [.. bytes.Select((_, i) => (byte)(i * 31))]);
        yield return ("garbage behind it", bytes => [.. bytes, .. "garbage\n"u8]);
        for (int i = 0; i < Places; i++)
        {
            int place = i;
            yield return (string.Create(CultureInfo.InvariantCulture, $"flipped at {place} of {Places}"), bytes =>
                Flip(bytes, (int)((long)(bytes.Length - 1) * place / Math.Max(1, Places - 1))));
            yield return ("cut", bytes => bytes[..(int)((long)bytes.Length * place / Places)]);
            yield return ("zeros at the end", bytes =>
                [.. bytes[..(int)((long)bytes.Length * place / Places)],
                .. new byte[bytes.Length - (int)((long)bytes.Length * place / Places)]]);
        }
    }

    private static byte[] Flip(byte[] bytes, int place)
    {
        if (bytes.Length > 0)
        {
            bytes[place] ^= 0x41;
        }

        return bytes;
    }

    // In files and in the log, with some overwritten and some deleted in between. The last part fits one log: a database that closes while
    // LevelDB still writes a table leaves two.
    private static async Task FillAsync(string location)
    {
        await using (RaveLevel db = await RaveLevel.OpenAsync(location))
        {
            // Older values and deleted keys, in a separate level. Damage above them must not make them visible again.
            for (int i = 0; i < Entries; i++)
            {
                await db.Batch().Put(Key(i), "older").Put(Gone(i), "older").WriteAsync();
            }

            await db.CompactRangeAsync();
        }

        await FillAsync(location, 0, Entries - InLog, writeBufferSize: 160 << 10);
        await FillAsync(location, Entries - InLog, InLog, writeBufferSize: 4 << 20);
    }

    private static async Task FillAsync(string location, int first, int count, int writeBufferSize)
    {
        await using RaveLevel db = await RaveLevel.OpenAsync(location, new() { WriteBufferSize = writeBufferSize, MaxFileSize = 64 << 10 });
        for (int i = first; i < first + count; i++)
        {
            await db.PutAsync(Key(i), "older");
            await db.PutAsync(Key(i), Value(i));
            await db.PutAsync(Gone(i), "older");
            await db.DeleteAsync(Gone(i));
        }
    }

    private static string Gone(int i) => string.Create(CultureInfo.InvariantCulture, $"gone {i:0000}");

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (FileInfo file in new DirectoryInfo(from).GetFiles())
        {
            file.CopyTo(Path.Combine(to, file.Name));
        }
    }

    // "right", the code of an error, or a description of the fault.
    private static async Task<string> ReadAsync(string location, bool mayLoseTheEnd, IEnumerable<Reading> readings)
    {
        try
        {
            await using ReadDatabase read = await ReadDatabase.OpenAsync(location);
            (List<string>? stored, string? wrong) = await GetAsync(read.Leader, mayLoseTheEnd);
            if (wrong is not null)
            {
                return $"wrong: {wrong}";
            }

            bool whole = stored is not null;
            foreach (Reading reading in readings)
            {
                // Each way must return all of these entries, or fail with an error about damage.
                if (await read.WrongAsync(reading, stored ?? Everything) is { } why)
                {
                    return $"wrong: {why}";
                }
            }

            return await ClearAsync(read.Leader, stored) ?? (whole ? "right" : "LEVEL_CORRUPTION");
        }
        catch (RaveException failure) when (failure.Code == "LEVEL_CORRUPTION")
        {
            return failure.Code;
        }
        catch (RaveException failure)
        {
            return $"wrong: {failure.Code}: {failure.Message}";
        }
    }

    // The stored entries as "key=value" in the order of the keys, or nothing if a key cannot be read, and a description of the fault.
    private static async Task<(List<string>? Stored, string? Wrong)> GetAsync(RaveLevel db, bool mayLoseTheEnd)
    {
        List<string> stored = [];
        bool unreadable = false;
        bool lost = false;
        string? unwanted = null;
        for (int i = 0; i < Entries; i++)
        {
            try
            {
                string? value = await db.GetAsync(Key(i));
                if (value != Value(i) && !(mayLoseTheEnd && value is null or "older"))
                {
                    return (null, $"{Key(i)} is {value?[..Math.Min(20, value.Length)] ?? "missing"}");
                }

                if (value == Value(i) && lost)
                {
                    return (null, $"{Key(i)} is there, and what was written before it is not");
                }

                lost |= value != Value(i);
                stored.AddRange(value is null ? [] : [$"{Key(i)}={value}"]);
                if (await db.GetAsync(Gone(i)) is { } back)
                {
                    // The deletion was in the lost part.
                    stored.Add($"{Gone(i)}={back}");
                    unwanted ??= Gone(i);
                }
            }
            catch (RaveException failure) when (failure.Code == "LEVEL_CORRUPTION")
            {
                unreadable = true;
            }
        }

        stored.Sort(StringComparer.Ordinal);
        return stored.Count == 0 && !unreadable ? (null, "all is missing")
            : unwanted is not null && !mayLoseTheEnd ? (null, $"{unwanted} was deleted and is back")
            : (unreadable ? null : stored, null);
    }

    // A clear of a damaged range is an error. Then all readable entries are still there, because it is one chunk.
    private static async Task<string?> ClearAsync(RaveLevel db, List<string>? stored)
    {
        try
        {
            await db.ClearAsync(new() { Prefix = "key " });
            return await db.CountAsync(new() { Prefix = "key " }) == 0 ? null : "wrong: a clear left something";
        }
        catch (RaveException failure) when (failure.Code == "LEVEL_CORRUPTION")
        {
            (List<string>? after, _) = await GetAsync(db, mayLoseTheEnd: true);
            return stored is null || after is null || after.SequenceEqual(stored) ? null : "wrong: a clear that failed deleted something";
        }
    }
}

using System.Globalization;
using Rave.Client;
using Rave.Tests.Harness;

namespace Rave.Tests.Reliability;

// Every kind of file of a closed database, damaged in every way: what is read is right or an error, and never is the database silently empty.
// The log of one whose leader was killed may have lost its end, and nothing else. With RAVE_CHAOS=1 at many more places of each file.
public sealed class CorruptionMatrixTests
{
    private const int Entries = 600;
    private const int InLog = 60;

    private static readonly int Places = Environment.GetEnvironmentVariable("RAVE_CHAOS") == "1" ? 200 : 3;

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
                        // Who is killed leaves no seal.
                        File.Delete(Path.Combine(copy, "rave.leader"));
                    }

                    Damage(Path.Combine(copy, file), apply);
                    string result = await ReadAsync(copy, mayLoseTheEnd: killed);
                    string kind = $"{Kind(file)}{(killed ? " of a killed leader" : "")} {(result.StartsWith("wrong", StringComparison.Ordinal) ? "wrong" : result)}";
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
            yield return (string.Create(CultureInfo.InvariantCulture, $"flipped at {place} of {Places}"), bytes => Flip(bytes, (int)((long)(bytes.Length - 1) * place / Math.Max(1, Places - 1))));
            yield return ("cut", bytes => bytes[..(int)((long)bytes.Length * place / Places)]);
            yield return ("zeros at the end", bytes => [.. bytes[..(int)((long)bytes.Length * place / Places)], .. new byte[bytes.Length - (int)((long)bytes.Length * place / Places)]]);
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

    private static string Value(int i) => new Random(i).GetHexString(800);

    // In files and in the log, with some overwritten and some deleted in between. The last part fits one log: a database that closes while
    // LevelDB still writes a table leaves two.
    private static async Task FillAsync(string location)
    {
        await FillAsync(location, 0, Entries - InLog, writeBufferSize: 64 << 10);
        await FillAsync(location, Entries - InLog, InLog, writeBufferSize: 4 << 20);
    }

    private static async Task FillAsync(string location, int first, int count, int writeBufferSize)
    {
        await using RaveLevel db = await RaveLevel.OpenAsync(location, new() { WriteBufferSize = writeBufferSize, MaxFileSize = 64 << 10 });
        for (int i = first; i < first + count; i++)
        {
            await db.PutAsync(Key(i), "older");
            await db.PutAsync(Key(i), Value(i));
            await db.PutAsync($"gone {i}", "older");
            await db.DelAsync($"gone {i}");
        }
    }

    private static string Key(int i) => string.Create(CultureInfo.InvariantCulture, $"key {i:0000}");

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (FileInfo file in new DirectoryInfo(from).GetFiles())
        {
            file.CopyTo(Path.Combine(to, file.Name));
        }
    }

    // "right", the code of an error, or what is wrong.
    private static async Task<string> ReadAsync(string location, bool mayLoseTheEnd)
    {
        HashSet<string> codes = [];
        int missing = 0;
        bool lost = false;
        try
        {
            await using RaveLevel db = await RaveLevel.OpenAsync(location, new() { OpenTimeout = TimeSpan.FromSeconds(10) });
            for (int i = 0; i < Entries; i++)
            {
                try
                {
                    string? read = await db.GetAsync(Key(i));
                    if ((read ?? (mayLoseTheEnd ? Value(i) : null)) != Value(i) && !(mayLoseTheEnd && read == "older"))
                    {
                        return $"wrong: {Key(i)} is {read?[..Math.Min(20, read.Length)] ?? "missing"}";
                    }

                    if (read == Value(i) && lost)
                    {
                        return $"wrong: {Key(i)} is there, and what was written before it is not";
                    }

                    lost |= read != Value(i);
                    missing += read is null ? 1 : 0;
                }
                catch (RaveException failure)
                {
                    codes.Add(failure.Code);
                }
            }

            codes.UnionWith(await ScanAsync(db, missing));
        }
        catch (RaveException failure)
        {
            codes.Add(failure.Code);
        }

        return missing == Entries ? "wrong: all is missing"
            : codes.Count == 0 ? "right"
            : codes is { Count: 1 } && codes.Single() == "LEVEL_CORRUPTION" ? "LEVEL_CORRUPTION"
            : $"wrong: {string.Join(" and ", codes)}";
    }

    // A scan does not end where it cannot read on as if there were nothing more.
    private static async Task<string[]> ScanAsync(RaveLevel db, int missing)
    {
        try
        {
            (await db.CountAsync(new() { Prefix = "key " })).ShouldBe(Entries - missing);
            return [];
        }
        catch (RaveException failure)
        {
            return [failure.Code];
        }
    }
}

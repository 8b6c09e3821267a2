using System.Runtime.CompilerServices;

namespace Rave.Client;

// Checks options when a handle opens, so that the error names the option and its range, instead of something failing later.
internal static class OptionRules
{
    // LevelDB reduces larger values to these (db/db_impl.cc, SanitizeOptions).
    private const int LargestFile = 1 << 30;
    private const int LargestBlock = 4 << 20;
    private const int MostFiles = 50_000;
    private const int MostFilterBits = 1_000;

    // A system timer counts milliseconds in 32 bits.
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(int.MaxValue);

    // A copy, so that later changes by the program have no effect.
    internal static RaveOptions CheckedCopy(this RaveOptions options)
    {
        ArgumentNullException.ThrowIfNull(options.Limits);
        RaveOptions copy = options with { Limits = options.Limits with { } };
        Check(copy);
        return copy;
    }

    private static void Check(RaveOptions options)
    {
        ArgumentNullException.ThrowIfNull(options.TimeProvider);
        CheckLevelDb(options);
        Check(options.Limits);
        CheckTime(options.OperationTimeout);
        CheckTime(options.OpenTimeout);
        CheckNumber(options.MaxLeadersLost, 1, int.MaxValue);
        if (options is { ErrorIfExists: true, CreateIfMissing: false })
        {
            throw new ArgumentException("ErrorIfExists requires a new database, but CreateIfMissing is false.", nameof(options));
        }
    }

    private static void CheckLevelDb(LevelDbOptions options)
    {
        CheckNumber(options.CacheSize, 0, int.MaxValue);
        CheckNumber(options.WriteBufferSize, 1, LargestFile);
        CheckNumber(options.BlockSize, 1, LargestBlock);
        CheckNumber(options.MaxOpenFiles, 1, MostFiles);
        CheckNumber(options.BlockRestartInterval, 1, int.MaxValue);
        CheckNumber(options.MaxFileSize, 1, LargestFile);
        CheckNumber(options.BloomFilterBits, 0, MostFilterBits);
    }

    private static void Check(Limits limits)
    {
        CheckNumber(limits.KeyBytes, 1, int.MaxValue);
        CheckNumber(limits.ValueBytes, 1, int.MaxValue);
        CheckNumber(limits.BodyBytes, 1, int.MaxValue);
        CheckNumber(limits.BatchOperations, 1, int.MaxValue);
        CheckNumber(limits.BatchBytes, 1, int.MaxValue);
        CheckNumber(limits.PageEntries, 1, int.MaxValue);
        CheckNumber(limits.PageBytes, 1, int.MaxValue);
        CheckNumber(limits.GetManyKeys, 1, int.MaxValue);
        CheckNumber(limits.GetManyBytes, 1, int.MaxValue);
        CheckNumber(limits.Snapshots, 0, int.MaxValue);
        CheckNumber(limits.Subscribers, 0, int.MaxValue);
        CheckNumber(limits.Sessions, 1, int.MaxValue);
        CheckNumber(limits.HeldBytes, 1, int.MaxValue);
        CheckNumber(limits.WaitingWrites, 1, int.MaxValue);
        CheckNumber(limits.WaitingWriteBytes, 1, int.MaxValue);
        CheckNumber(limits.Connections, 1, int.MaxValue);
    }

    // The option's name is the last part of the argument.
    private static void CheckNumber(int value, int least, int most, [CallerArgumentExpression(nameof(value))] string option = "")
    {
        if (value < least || value > most)
        {
            string name = option[(option.LastIndexOf('.') + 1)..];
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be from {least} to {most}.");
        }
    }

    private static void CheckTime(TimeSpan value, [CallerArgumentExpression(nameof(value))] string option = "")
    {
        if (value <= TimeSpan.Zero || value > Longest)
        {
            string name = option[(option.LastIndexOf('.') + 1)..];
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be more than zero and at most {Longest.TotalDays:0} days.");
        }
    }
}

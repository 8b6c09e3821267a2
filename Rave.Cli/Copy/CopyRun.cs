using Rave.Client;
using Rave.Server.Protocol;

namespace Rave.Cli.Copy;

// One copy. It compares source and target, writes what differs, and compares again. So a copy that was interrupted needs no record of its
// position: the entries themselves say what is missing.
internal sealed class CopyRun(RaveLevel<byte[], byte[]> source, CopyTarget target, CopyMode mode) : IDisposable
{
    private readonly ProgressLine _line = new();
    private readonly ChangeWriter _writer = new(target);
    private readonly List<Comparison> _comparisons = [];
    private Snapshot? _moment;
    private Comparison? _plan;
    private bool _wroteAll;
    private bool _differs;

    // What was done, and how to go on, if the copy has ended early.
    internal string Standing => _plan is null ? "Nothing was written."
        : _differs ? "To make them equal, run the same command with --overwrite. This replaces and deletes entries."
        : _wroteAll ? $"All entries were written, but not verified. To verify them, run the same command with {Again}."
        : $"{_writer.Put + _writer.Deleted:N0} of {_plan.Changes:N0} entries were written. To continue, run the same command with {Again}.";

    private string Again => mode == CopyMode.Overwrite ? "--overwrite" : "--resume";

    internal async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await CopyAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // Before the failure is printed.
            _line.Clear();
        }
    }

    public void Dispose()
    {
        _writer.Dispose();
        _comparisons.ForEach(comparison => comparison.Dispose());
    }

    private async Task<int> CopyAsync(CancellationToken cancellationToken)
    {
        await ThrowIfNotEmptyAsync(cancellationToken).ConfigureAwait(false);
        _moment = await source.SnapshotAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        await using (_moment.ConfigureAwait(false))
        {
            Misfits misfits = new(target, _line);
            Comparison plan = await CompareAsync("checked", whole: null, misfits, cancellationToken).ConfigureAwait(false);
            misfits.ThrowIfAny();
            ThrowIfConflicts(plan);
            await target.CreateAsync(cancellationToken).ConfigureAwait(false);
            _plan = plan;
            await WriteAsync(plan, cancellationToken).ConfigureAwait(false);
            _wroteAll = true;
            Comparison end = plan.Changes == 0 ? plan : await CompareAsync(
                "verified", (plan.Source.Entries, plan.Source.Bytes), misfits: null, cancellationToken).ConfigureAwait(false);
            await PrintAsync(end, cancellationToken).ConfigureAwait(false);
            _differs = !end.IsEqual;
            return end.IsEqual ? ExitCode.Done : await RaveCommand.FailAsync(
                $"Source and target differ in {Count(end.Changes)} after the copy. The first one is {KeyText.Of(end.FirstChange)}. "
                + "Perhaps another program writes to the target.",
                ExitCode.Different).ConfigureAwait(false);
        }
    }

    // Fails at once, instead of after reading the whole source.
    private async Task ThrowIfNotEmptyAsync(CancellationToken cancellationToken)
    {
        if (mode != CopyMode.IntoEmpty)
        {
            return;
        }

        await foreach ((byte[] key, _) in target.Read(first: null, cancellationToken).ConfigureAwait(false))
        {
            throw new InputException(
                $"'{target.Location}' is not empty. Its first key is {KeyText.Of(key)}. "
                + "Use --resume to continue a copy that was interrupted, or --overwrite to make it equal to the source. "
                + "This replaces and deletes entries.");
        }
    }

    private void ThrowIfConflicts(Comparison plan)
    {
        if (mode == CopyMode.Resume && plan.Conflicts > 0)
        {
            throw new InputException(
                $"'{target.Location}' has {Count(plan.Conflicts)} that the source does not have, or has with another value. "
                + $"The first key is {KeyText.Of(plan.FirstConflict)}. "
                + "The source has changed since the first attempt, or this is another target. "
                + "Use --overwrite to make it equal to the source. This replaces and deletes entries.");
        }
    }

    private async Task<Comparison> CompareAsync(
        string verb, (long Entries, long Bytes)? whole, Misfits? misfits, CancellationToken cancellationToken)
    {
        CopyProgress progress = new(_line, source.Database.Time, verb, whole);
        Comparison comparison = new();
        _comparisons.Add(comparison);
        await foreach (EntryPair pair in PairsAsync(first: null, cancellationToken).ConfigureAwait(false))
        {
            comparison.Add(pair);
            if (misfits is not null)
            {
                await misfits.CheckAsync(pair).ConfigureAwait(false);
            }

            progress.Show(comparison.Source.Entries, comparison.Source.Bytes);
        }

        _line.Clear();
        return comparison;
    }

    private async Task WriteAsync(Comparison plan, CancellationToken cancellationToken)
    {
        CopyProgress progress = new(_line, source.Database.Time, "copied", (plan.Changes, plan.ChangedBytes));
        if (plan.FirstChange is not { } first)
        {
            return;
        }

        await foreach (EntryPair pair in PairsAsync(first, cancellationToken).ConfigureAwait(false))
        {
            if (!pair.IsEqual)
            {
                await _writer.AddAsync(pair, cancellationToken).ConfigureAwait(false);
                progress.Show(_writer.Put + _writer.Deleted, _writer.Bytes);
            }
        }

        await _writer.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    // The target is read as it is now. This process alone writes to it, always before the keys that it reads next.
    private IAsyncEnumerable<EntryPair> PairsAsync(byte[]? first, CancellationToken cancellationToken) => EntryPair.MergeAsync(
        source.Iterate(new() { Gte = first, Snapshot = _moment }, cancellationToken), target.Read(first, cancellationToken));

    private async Task PrintAsync(Comparison end, CancellationToken cancellationToken)
    {
        string deleted = _writer.Deleted > 0 ? $", and {_writer.Deleted:N0} deleted" : "";
        await RaveCommand.PrintAsync(
            $"""
            written  {Count(_writer.Put)}{deleted}
            source   {Describe(end.Source)}
            target   {Describe(end.Target)}
            """,
            cancellationToken).ConfigureAwait(false);
    }

    private static string Describe(Side side) => $"{Count(side.Entries)}, {side.Bytes:N0} bytes, sha256 {side.Checksum}";

    private static string Count(long entries) => entries == 1 ? "1 entry" : $"{entries:N0} entries";
}

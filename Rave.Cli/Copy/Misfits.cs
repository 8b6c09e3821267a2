using Rave.Client;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Cli.Copy;

// The entries of the source that the target does not take. They are listed as they are found, so that any number of them needs no memory.
internal sealed class Misfits(CopyTarget target, ProgressLine line)
{
    // What a request has beside one entry: the prefix of the key on the cluster, and the record of the session.
    private const int RequestOverhead = 1024;

    private readonly Limits _limits = target.Limits;
    private long _count;
    private long _largestRequest;
    private bool _hasLongKey;

    internal async ValueTask CheckAsync(EntryPair pair)
    {
        if (pair.Source is not { } value || Fits(pair.Key.Length, value.Length))
        {
            return;
        }

        _count++;
        _hasLongKey |= pair.Key.Length > _limits.KeyBytes;
        // Of a request, a value may have two thirds.
        _largestRequest = Math.Max(_largestRequest, Math.Max((value.Length + 1L) / 2 * 3, (long)pair.Bytes + RequestOverhead));
        line.Clear();
        await RaveCommand.PrintErrorAsync(
            $"{KeyText.Of(pair.Key)}: key {pair.Key.Length:N0} bytes, value {value.Length:N0} bytes").ConfigureAwait(false);
    }

    internal void ThrowIfAny()
    {
        if (_count == 0)
        {
            return;
        }

        string entries = _count == 1 ? "1 entry does" : $"{_count:N0} entries do";
        throw new InputException(
            $"{entries} not fit into '{target.Location}'. The limit is {_limits.KeyBytes:N0} bytes for a key "
            + $"and {_limits.ValueBytes:N0} bytes for a value. {Advice()}");
    }

    private bool Fits(int keyBytes, int valueBytes) =>
        keyBytes <= _limits.KeyBytes && valueBytes <= _limits.ValueBytes
        && (long)keyBytes + valueBytes + RequestOverhead <= _limits.BatchBytes;

    private string Advice() =>
        _hasLongKey ? "Shorten or delete the entries with longer keys."
        : StorageEngines.SchemeOf(target.Location) is null ? "Delete these entries, or store them elsewhere."
        : $"Start the members of the cluster with --max-request-bytes {_largestRequest} or more, and set "
            + $"{EtcdEnvironment.MaxRequestBytes}={_largestRequest} for this command.";
}

using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Rave.Client;

namespace Rave.Tests.Peer;

// Writes the operations of a process as they happen. The system keeps the written lines when the process is killed.
internal sealed class HistoryWriter(string path) : IDisposable
{
    private static readonly JsonSerializerOptions Json = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private readonly Lock _gate = new();
    private readonly FileStream _file = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
    private long _last;

    // A read of the keys, all at one moment.
    internal async Task<string?[]> GetAsync(string[] keys, Func<Task<string?[]>> read)
    {
        HistoryLine[] calls = Call([.. keys.Select(key => new HistoryLine(0, 0, key, HistoryLine.Get))]);
        try
        {
            string?[] values = await read();
            Return(calls, HistoryLine.Done, values);
            return values;
        }
        catch (RaveException)
        {
            Return(calls, HistoryLine.Nothing);
            throw;
        }
    }

    // A write of the keys, all or none. False if its condition does not hold.
    internal async Task<bool> WriteAsync(HistoryLine[] writes, Func<Task<bool>> write)
    {
        HistoryLine[] calls = Call(writes);
        try
        {
            bool done = await write();
            Return(calls, done ? HistoryLine.Done : HistoryLine.Refused);
            return done;
        }
        catch (RaveException failure)
        {
            Return(calls, failure.MayHaveBeenApplied ? HistoryLine.Unknown : HistoryLine.Nothing);
            throw;
        }
    }

    public void Dispose() => _file.Dispose();

    private HistoryLine[] Call(HistoryLine[] lines)
    {
        HistoryLine[] calls =
            [.. lines.Select(line => line with { Number = Interlocked.Increment(ref _last), At = Stopwatch.GetTimestamp() })];
        Append(calls);
        return calls;
    }

    private void Return(HistoryLine[] calls, string outcome, string?[]? values = null)
    {
        long now = Stopwatch.GetTimestamp();
        Append([.. calls.Select((call, i) => new HistoryLine(call.Number, now, Value: values?[i], Outcome: outcome))]);
    }

    private void Append(HistoryLine[] lines)
    {
        byte[] text = [.. lines.SelectMany(line => (byte[])[.. JsonSerializer.SerializeToUtf8Bytes(line, Json), (byte)'\n'])];
        lock (_gate)
        {
            _file.Write(text);
        }
    }
}

using Rave.Etcd.Cluster;
using Rave.Etcd.Scans;
using Rave.Etcd.Wire;
using Rave.Server.Protocol;

namespace Rave.Etcd.Reads;

// Reads many keys at one revision, in as many transactions as the limit of the cluster requires.
internal sealed class ManyReader(EtcdCluster cluster, int transactionReads, Limits limits)
{
    // Transactions at a time, after the first one has shown the revision.
    private const int Parallel = 4;

    // A null is a key that is never found.
    internal async Task<PooledBuffer> ReadAsync(List<RequestOp?> reads, Moment moment, CancellationToken cancellationToken)
    {
        PooledBuffer answer = new();
        try
        {
            long bytes = 0;
            RequestOp?[][] chunks = [.. reads.Chunk(transactionReads)];
            for (int first = 0; first < chunks.Length;)
            {
                int count = moment.Revision == 0 ? 1 : Math.Min(Parallel, chunks.Length - first);
                TxnResponse?[] responses = await Task.WhenAll(
                    chunks.Skip(first).Take(count).Select(chunk => SendAsync(chunk, moment, cancellationToken))).ConfigureAwait(false);
                for (int i = 0; i < count; i++)
                {
                    bytes = Write(answer, chunks[first + i], responses[i], bytes);
                }

                first += count;
            }

            EntriesBinaryWriter.WriteEnd(answer);
            return answer;
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    private async Task<TxnResponse?> SendAsync(RequestOp?[] reads, Moment moment, CancellationToken cancellationToken)
    {
        TxnRequest request = new();
        foreach (RequestOp read in reads.OfType<RequestOp>())
        {
            read.Range.Revision = moment.Revision;
            request.Success.Add(read);
        }

        if (request.Success.Count == 0)
        {
            return null;
        }

        TxnResponse response = await cluster.TxnAsync(request, Repeat.Read, cancellationToken).ConfigureAwait(false);
        moment.Found(response.Header.Revision);
        return response;
    }

    // Returns the size of the answer so far, in bytes.
    private long Write(PooledBuffer answer, RequestOp?[] reads, TxnResponse? response, long bytes)
    {
        int index = 0;
        foreach (RequestOp? read in reads)
        {
            RangeResponse? found = read is null ? null : response!.Responses[index++].Range;
            if (found is null or { Count: 0 })
            {
                EntriesBinaryWriter.WriteMissing(answer);
                continue;
            }

            bool withValue = !read!.Range.CountOnly;
            ReadOnlySpan<byte> value = withValue ? found.Kvs[0].Value.Span : default;
            bytes += read.Range.Key.Length + value.Length;
            if (bytes > limits.GetManyBytes)
            {
                throw new RaveException(
                    ErrorCodes.TooLarge,
                    $"The answer would be larger than {limits.GetManyBytes} bytes. Ask for fewer keys at once.");
            }

            EntriesBinaryWriter.WriteEntry(answer, default, value, withKey: false, withValue);
        }

        return bytes;
    }
}

using System.Collections.Concurrent;
using System.Net.Http.Headers;

namespace Rave.Tests.Reliability;

// Between a handle and its leader's socket: loses the answer to a write, or the write itself, on command.
internal sealed class LosingWire
{
    private readonly ConcurrentQueue<Func<Task>> _losses = new();
    private int _holdNext;

    // A write that was held back until its caller cancelled it.
    internal TaskCompletionSource<HttpRequestMessage> Held { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // The next write is applied; then this happens, and the connection is cut before its answer arrives.
    internal void LoseAnswer(Func<Task> meanwhile) => _losses.Enqueue(meanwhile);

    internal void HoldNext() => Volatile.Write(ref _holdNext, 1);

    internal HttpMessageHandler Around(HttpMessageHandler socket) => new Handler(this, socket);

    private static async Task<HttpRequestMessage> CopyAsync(HttpRequestMessage request)
    {
        ByteArrayContent body = new(await request.Content!.ReadAsByteArrayAsync());
        body.Headers.ContentType = MediaTypeHeaderValue.Parse(request.Content.Headers.ContentType!.ToString());
        HttpRequestMessage copy = new(request.Method, request.RequestUri) { Content = body };
        foreach ((string name, IEnumerable<string> values) in request.Headers)
        {
            copy.Headers.TryAddWithoutValidation(name, values);
        }

        return copy;
    }

    private sealed class Handler(LosingWire wire, HttpMessageHandler socket) : DelegatingHandler(socket)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            bool writes = request.RequestUri!.AbsolutePath is "/v1/batch"
                || (request.Method == HttpMethod.Delete && request.RequestUri.AbsolutePath is "/v1/entries");
            if (writes && Interlocked.Exchange(ref wire._holdNext, 0) == 1)
            {
                wire.Held.SetResult(await CopyAsync(request));
                await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
            }

            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            if (writes && response.IsSuccessStatusCode && wire._losses.TryDequeue(out Func<Task>? meanwhile))
            {
                response.Dispose();
                await meanwhile();
                throw new HttpRequestException("The test cuts the connection.");
            }

            return response;
        }
    }
}

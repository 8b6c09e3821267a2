namespace Rave.Tests.Client;

// Between a handle and its leader's socket: counts the requested pages, and holds back or fails one of them.
internal sealed class PageWire
{
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _asked;

    internal int Asked => Volatile.Read(ref _asked);

    // The number of the page that is held back, from 1.
    internal int Held { get; init; }

    internal int Failing { get; init; }

    // Its request was cancelled.
    internal TaskCompletionSource GivenUp { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal void Release() => _release.SetResult();

    internal HttpMessageHandler Around(HttpMessageHandler socket) => new Handler(this, socket);

    private sealed class Handler(PageWire wire, HttpMessageHandler socket) : DelegatingHandler(socket)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            int page = request.RequestUri!.AbsolutePath == "/v1/entries" && request.Method == HttpMethod.Get
                ? Interlocked.Increment(ref wire._asked) : 0;
            if (page > 0 && page == wire.Failing)
            {
                throw new HttpRequestException("The test cuts the connection.");
            }

            if (page > 0 && page == wire.Held)
            {
                try
                {
                    await wire._release.Task.WaitAsync(cancellationToken);
                }
                catch (OperationCanceledException)
                {
                    wire.GivenUp.SetResult();
                    throw;
                }
            }

            return await base.SendAsync(request, cancellationToken);
        }
    }
}

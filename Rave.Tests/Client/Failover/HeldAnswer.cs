namespace Rave.Tests.Client;

// Between a handle and its leader's socket: holds back a received answer until the test releases it.
internal sealed class HeldAnswer(HttpMessageHandler socket, string path, TaskCompletionSource came, Task delivered)
    : DelegatingHandler(socket)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
        if (request.RequestUri!.AbsolutePath == path)
        {
            came.TrySetResult();
            await delivered.WaitAsync(cancellationToken);
        }

        return response;
    }
}

using System.IO.Pipes;
using System.Net.Sockets;
using System.Security.Principal;
using Rave.Server.Location;
using Rave.Server.Transport;

namespace Rave.Server.Hosting;

// HTTP to the leader of a location. The host name of a request has no meaning.
internal static class LocalSocket
{
    // Any name works: the socket decides who answers.
    internal const string BaseAddress = "http://rave";

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);

    // A handler that connects to the location's socket. It reads no proxy settings from the environment.
    internal static HttpMessageHandler CreateHandler(DatabaseLocation location, int connections, TimeProvider time) =>
        new SocketHandler(new(cancellationToken => ConnectAsync(location, cancellationToken), connections, time));

    // Whether a process listens there. It throws no exception: while a leader starts, every process that lost the election polls,
    // and each failed request would take a millisecond of CPU time.
    internal static async ValueTask<bool> IsListeningAsync(
        DatabaseLocation location, TimeProvider time, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows())
        {
            return true;
        }

        if (!File.Exists(location.SocketPath))
        {
            return false;
        }

        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using SocketAsyncEventArgs connecting = new() { RemoteEndPoint = location.SocketEndPoint };
        TaskCompletionSource connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
        connecting.Completed += (_, _) => connected.TrySetResult();
        if (socket.ConnectAsync(connecting))
        {
            await connected.Task.WaitAsync(ConnectTimeout, time, cancellationToken);
        }

        // If the backlog is full, a process listens too.
        return connecting.SocketError is SocketError.Success or SocketError.WouldBlock or SocketError.TryAgain;
    }

    private static async ValueTask<Stream> ConnectAsync(DatabaseLocation location, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows())
        {
            return await ConnectPipeAsync(location, cancellationToken).ConfigureAwait(false);
        }

        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(location.SocketEndPoint, cancellationToken).ConfigureAwait(false);
            if (PeerCredentials.FindUntrustedUser(socket, location) is { } user)
            {
                throw new UnauthorizedAccessException($"User {user} listens at '{location.SocketPath}', but does not own the directory.");
            }

            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // Any user can create a pipe of this name. So the server must run as our user, and it must not impersonate us.
    private static async ValueTask<Stream> ConnectPipeAsync(DatabaseLocation location, CancellationToken cancellationToken)
    {
        NamedPipeClientStream pipe = new(
            ".",
            location.PipeName,
            PipeDirection.InOut,
            PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly,
            TokenImpersonationLevel.Anonymous);
        try
        {
            await pipe.ConnectAsync(ConnectTimeout, cancellationToken).ConfigureAwait(false);
            return pipe;
        }
        catch
        {
            await pipe.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}

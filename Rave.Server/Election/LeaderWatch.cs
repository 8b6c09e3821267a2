using System.Net;
using System.Text;
using System.Text.Json;
using Rave.Server.Hosting;
using Rave.Server.Location;
using Rave.Server.Platform;
using Rave.Server.Protocol;

namespace Rave.Server.Election;

// Reads the stream of /v1/leader. The connection ends together with the leader, so a follower notices without sending anything.
internal sealed class LeaderWatch : IDisposable
{
    // A leader that accepts the connection but does not answer for this long hangs, or is suspended.
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(5);

    // Three heartbeats.
    private static readonly TimeSpan SilenceTimeout = TimeSpan.FromSeconds(15);

    private const string DataField = "data: ";

    private readonly HttpMessageInvoker _http;
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _lines;
    private readonly TimeProvider _time;

    private LeaderWatch(HttpMessageInvoker http, HttpResponseMessage response, StreamReader lines, LeaderInfo leader, TimeProvider time)
    {
        _http = http;
        _response = response;
        _lines = lines;
        _time = time;
        Leader = leader;
    }

    internal LeaderInfo Leader { get; }

    // Null if no leader answers, for any reason: the lock decides which process leads, not this connection.
    internal static async Task<LeaderWatch?> TryConnectAsync(
        DatabaseLocation location, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!await LocalSocket.IsListeningAsync(location, time, cancellationToken))
        {
            // The leader is starting, or has just stopped.
            return null;
        }

        HttpMessageInvoker http = new(LocalSocket.CreateHandler(location, connections: 1, time));
        HttpResponseMessage? response = null;
        LeaderWatch? watch = null;
        // The calls themselves are cancelled, so that none of them stays behind and fails unobserved.
        using CancellationTokenSource patience = new(AnswerTimeout, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            using HttpRequestMessage request = new(HttpMethod.Get, LocalSocket.BaseAddress + Routes.Leader);
            response = await http.SendAsync(request, either.Token);
            if (response.StatusCode == HttpStatusCode.OK)
            {
                ThrowIfOtherDirectory(location, response);
                StreamReader lines = new(await response.Content.ReadAsStreamAsync(either.Token));
                if (await ReadLeaderAsync(lines, either.Token) is { } leader)
                {
                    watch = new(http, response, lines, leader, time);
                }
            }
        }
        catch (Exception cause) when (cause is JsonException || IsLoss(cause, cancellationToken))
        {
            // There is no socket, it is stale, or the leader is starting, stopping or hanging.
        }
        finally
        {
            if (watch is null)
            {
                response?.Dispose();
                http.Dispose();
            }
        }

        return watch;
    }

    // A copy by hard links (cp -al) contains the socket of the original's leader. Writes over it would go to the original.
    private static void ThrowIfOtherDirectory(DatabaseLocation location, HttpResponseMessage response)
    {
        if (response.Headers.TryGetValues(Routes.DirectoryHeader, out IEnumerable<string>? led)
            && !OperatingSystem.IsWindows() && FileIdentity.Of(location.Directory) is { } directory && !led.Contains(directory.Id))
        {
            throw new RaveException(
                ErrorCodes.IoError,
                $"The socket in '{location.Directory}' belongs to the leader of another directory: this is a copy by hard links. "
                + "Nothing was read or written. Stop the leader, and make the copy again without hard links, for example with `cp -a`.");
        }
    }

    // Returns when the leader is gone: it closed the stream, was killed, or was silent for too long.
    internal async Task WaitForEndAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource silence = new(SilenceTimeout, _time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silence.Token);
        try
        {
            while (await _lines.ReadLineAsync(either.Token) is not null)
            {
                silence.CancelAfter(SilenceTimeout);
            }
        }
        catch (Exception cause) when (IsLoss(cause, cancellationToken))
        {
            // Killed, or silent.
        }
    }

    public void Dispose()
    {
        _lines.Dispose();
        _response.Dispose();
        _http.Dispose();
    }

    // Our timeouts, and the handler's timeout for connecting, are cancellations that the caller did not request.
    private static bool IsLoss(Exception cause, CancellationToken stopping) =>
        cause is HttpRequestException or IOException || (cause is OperationCanceledException && !stopping.IsCancellationRequested);

    private static async Task<LeaderInfo?> ReadLeaderAsync(StreamReader lines, CancellationToken cancellationToken)
    {
        while (await lines.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.StartsWith(DataField, StringComparison.Ordinal))
            {
                return LeaderInfoReader.Read(Encoding.UTF8.GetBytes(line[DataField.Length..]));
            }
        }

        return null;
    }
}

using System.Net;
using System.Text;
using System.Text.Json;
using Rave.Server.Hosting;
using Rave.Server.Location;
using Rave.Server.Platform;
using Rave.Server.Protocol;

namespace Rave.Server.Election;

// The stream of /v1/leader: one open connection that ends the moment its leader does, so that nobody has to write to notice.
internal sealed class LeaderWatch : IDisposable
{
    // A leader that accepts and says nothing for so long hangs, or is stopped.
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

    // Null when nobody answers there as the leader, for whatever reason: the lock decides who leads, not this.
    internal static async Task<LeaderWatch?> TryConnectAsync(DatabaseLocation location, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!await LocalSocket.IsListeningAsync(location, time, cancellationToken))
        {
            // The leader is starting, or has just stopped.
            return null;
        }

        HttpMessageInvoker http = new(LocalSocket.CreateHandler(location, connections: 1, time));
        HttpResponseMessage? response = null;
        LeaderWatch? watch = null;
        // The calls themselves are cancelled, not only waited for no longer: none is left behind to fail unobserved.
        using CancellationTokenSource patience = new(AnswerTimeout, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            using HttpRequestMessage request = new(HttpMethod.Get, LocalSocket.BaseAddress + Routes.Leader);
            response = await http.SendAsync(request, either.Token);
            if (response.StatusCode == HttpStatusCode.OK)
            {
                RefuseElsewhere(location, response);
                StreamReader lines = new(await response.Content.ReadAsStreamAsync(either.Token));
                if (await ReadLeaderAsync(lines, either.Token) is { } leader)
                {
                    watch = new(http, response, lines, leader, time);
                }
            }
        }
        catch (Exception cause) when (cause is JsonException || IsLoss(cause, cancellationToken))
        {
            // No socket, a stale one, a leader that is just starting or stopping, or one that hangs.
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

    // A copy by hard links (cp -al) has the very socket of the leader of what it is a copy of: whoever wrote to it would write there.
    private static void RefuseElsewhere(DatabaseLocation location, HttpResponseMessage response)
    {
        if (response.Headers.TryGetValues(Routes.DirectoryHeader, out IEnumerable<string>? led)
            && !OperatingSystem.IsWindows() && FileIdentity.Of(location.Directory) is { } directory && !led.Contains(directory.Id))
        {
            throw new RaveException(
                ErrorCodes.IoError,
                $"'{location.Directory}' holds the socket of a leader that leads another directory: it is a copy by hard links. Nothing was read or written. Make a copy of its own of it (cp -a), and not while somebody leads.");
        }
    }

    // Returns when the leader is gone: it closed the stream, was killed, or has been silent for too long.
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

    // A time-out of ours, or the handler's own for connecting, is a cancellation that the caller did not ask for.
    private static bool IsLoss(Exception cause, CancellationToken asked) =>
        cause is HttpRequestException or IOException || (cause is OperationCanceledException && !asked.IsCancellationRequested);

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

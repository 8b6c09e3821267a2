using Rave.Server.Endpoints;
using Rave.Server.Location;

namespace Rave.Server.Hosting;

// The port that --http opens, and the token that it requires.
internal sealed class LoopbackAccess : IDisposable
{
    private readonly LoopbackPort _port;

    private LoopbackAccess(LoopbackPort port, string token, string tokenPath)
    {
        _port = port;
        Guard = new(token);
        TokenPath = tokenPath;
    }

    internal LoopbackPort Port => _port;

    internal LoopbackGuard Guard { get; }

    internal string TokenPath { get; }

    // Only under the lock.
    internal static LoopbackAccess Open(DatabaseLocation location, int port)
    {
        string token = TokenFile.ReadOrCreate(location);
        return new(LoopbackPort.Open(port), token, location.TokenPath);
    }

    public void Dispose() => _port.Dispose();
}

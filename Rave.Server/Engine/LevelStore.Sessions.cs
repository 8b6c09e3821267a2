using Rave.Server.Protocol;

namespace Rave.Server.Engine;

internal sealed partial class LevelStore
{
    // Often enough, and the first time is late enough: a leader sweeps once it has led for so long, when whoever uses a session has come by.
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromHours(1);

    // Records that one batch removes: small enough that other writers hardly wait.
    private const int SweepSessions = 10_000;

    private readonly Sessions _sessions;
    private readonly ITimer _sweep;

    // Sessions that are remembered.
    internal int SessionCount => _sessions.Count;

    public void Refuse(IdempotencyKey key, RaveException refusal) => _sessions.Refuse(key, refusal);

    public ValueTask EndSessionAsync(string session, CancellationToken cancellationToken) => EndAsync(new([session], OnlyUnused: false));

    private async void Sweep()
    {
        try
        {
            foreach (string[] chunk in _sessions.Unused().Chunk(SweepSessions))
            {
                await EndAsync(new(chunk, OnlyUnused: true)).ConfigureAwait(false);
            }
        }
        catch (RaveException)
        {
            // Writes are refused at present, as whoever writes is told; the sweep has time until its next turn.
        }
    }

    private async ValueTask EndAsync(SessionEnd end)
    {
        using StoreBatch batch = new(Limits) { Ends = end };
        await _writes.WriteAsync(batch, sync: false).ConfigureAwait(false);
    }
}

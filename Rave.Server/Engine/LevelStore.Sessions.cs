using Rave.Server.Protocol;

namespace Rave.Server.Engine;

internal sealed partial class LevelStore
{
    // The first sweep is an hour after the start, so that clients had time to use their sessions on this leader.
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromHours(1);

    // One batch removes so many records: few enough that other writers hardly wait.
    private const int SweepSessions = 10_000;

    private readonly Sessions _sessions;
    private readonly ITimer _sweep;

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
            // Writes are refused now. The next sweep tries again.
        }
    }

    private async ValueTask EndAsync(SessionEnd end)
    {
        using StoreBatch batch = new(Limits) { Ends = end };
        await _writes.WriteAsync(batch, sync: false).ConfigureAwait(false);
    }
}

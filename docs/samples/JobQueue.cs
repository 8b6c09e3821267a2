using Rave.Client;

namespace Samples;

// A queue of jobs for any number of processes: who turns a job from `waiting` into its own by compare-and-set has it, and nobody else.
internal static class JobQueue
{
    private const string Waiting = "waiting";

    internal static ValueTask<bool> AddAsync(RaveLevel db, string job) => Jobs(db).PutIfAbsentAsync(job, Waiting);

    // The first job that nobody has; null when there is none.
    internal static async Task<string?> TakeAsync(RaveLevel db, string worker)
    {
        await foreach ((string job, string state) in Jobs(db).Iterate())
        {
            if (state == Waiting && await Jobs(db).CompareAndSetAsync(job, Waiting, $"taken by {worker}"))
            {
                return job;
            }
        }

        return null;
    }

    // False when it was not this worker's.
    internal static ValueTask<bool> DoneAsync(RaveLevel db, string worker, string job) =>
        Jobs(db).DeleteIfAsync(job, Condition.ETag(Jobs(db).ETagOf($"taken by {worker}")));

    private static Sublevel<string, string> Jobs(RaveLevel db) => db.Sublevel("jobs");
}

using Rave.Client;

namespace Samples;

// A queue of jobs for any number of processes. A worker takes a job by compare-and-set of its state, so only one worker gets it.
internal static class JobQueue
{
    private const string Waiting = "waiting";

    internal static ValueTask<bool> AddAsync(RaveLevel db, string job) => Jobs(db).PutIfAbsentAsync(job, Waiting);

    // Takes the first waiting job. Null if there is none.
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

    // Returns false if the job does not belong to this worker.
    internal static ValueTask<bool> DoneAsync(RaveLevel db, string worker, string job) =>
        Jobs(db).DeleteIfAsync(job, Condition.ETag(Jobs(db).ETagOf($"taken by {worker}")));

    private static Sublevel<string, string> Jobs(RaveLevel db) => db.Sublevel("jobs");
}

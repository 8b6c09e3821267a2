using System.Collections.Concurrent;
using System.Diagnostics;
using Rave.Tests.Harness;

namespace Rave.Tests.Reliability;

// sync-error/fail-Nth-syscall, 9 of the list: any call on any file fails. No acknowledged write is lost, and no process hangs.
// With RAVE_CHAOS=1, each of the first 300 calls of every kind fails, alone and with those after it.
[Needs(Need.Linux, Need.Gcc)]
public sealed class FailingCallTests
{
    private const int Most = 300;

    private static readonly bool Long = Machine.RunsLong;

    // A few wait for their leaders most of the time.
    private static readonly int SideBySide = Long ? 3 : 4;

    [Fact]
    public async Task If_any_call_fails_no_acknowledged_write_is_lost_or_torn_and_no_process_hangs()
    {
        using FailingCalls calls = await FailingCalls.CompileAsync();
        Stopwatch watch = Stopwatch.StartNew();
        ConcurrentQueue<CallFault> cases = new(Long ? await EveryAsync(calls) : Some());
        ConcurrentBag<FaultedLife> lives = [];
        await Task.WhenAll(Enumerable.Range(0, SideBySide).Select(async _ =>
        {
            while (cases.TryDequeue(out CallFault? fault))
            {
                FaultedLife life = await FaultedLife.RunAsync(calls, fault);
                lives.Add(life);
                if (life.Wrong.Count > 0)
                {
                    TestContext.Current.SendDiagnosticMessage("{0}", life);
                }
            }
        }));

        TestContext.Current.SendDiagnosticMessage(
            "{0} cases in {1:0} s: {2} calls failed, {3} writes were acknowledged, {4} lost. {5}",
            lives.Count, watch.Elapsed.TotalSeconds, lives.Sum(life => life.Failed), lives.Sum(life => life.Acknowledged),
            lives.Sum(life => life.Lost),
            string.Join("; ", lives.CountBy(life => life.End).OrderByDescending(end => end.Value).Select(end =>
                $"{end.Key}: {end.Value}")));
        lives.Where(life => life.Wrong.Count > 0).Select(life => life.ToString()).ShouldBeEmpty();
        lives.Sum(life => life.Failed).ShouldBeGreaterThan(lives.Count / 2, "otherwise this tests nothing");
    }

    // One of each kind: while it is written, and, of those that move files, while the database is opened.
    private static CallFault[] Some() =>
    [
        new(CallKind.Write, CallError.NoSpace, First: 40, Count: 1),
        new(CallKind.Sync, CallError.InputOutput, First: 8, Count: 1),
        new(CallKind.Open, CallError.TooManyFiles, First: 22, Count: 1),
        new(CallKind.Rename, CallError.InputOutput, First: 3, Count: 1),
    ];

    // The number of calls in a run without failures. If it is small, each call fails with each error. Otherwise the errors alternate.
    private static async Task<List<CallFault>> EveryAsync(FailingCalls calls)
    {
        FaultedLife whole = await FaultedLife.RunAsync(calls, CallFault.None);
        whole.Wrong.ShouldBeEmpty();
        List<CallFault> faults = [];
        CallError[] errors = Enum.GetValues<CallError>();
        foreach (CallKind kind in Enum.GetValues<CallKind>())
        {
            long made = whole.CallsOf(kind);
            TestContext.Current.SendDiagnosticMessage("{0}: {1} calls", kind, made);
            bool each = made * errors.Length <= Most;
            for (int number = 1; number <= Math.Min(made, Most); number++)
            {
                int count = number % 4 == 0 ? 4 : 1;
                faults.AddRange(each ? errors.Select(error => new CallFault(kind, error, number, count))
                    : [new CallFault(kind, errors[number % errors.Length], number, count)]);
            }
        }

        return faults;
    }
}

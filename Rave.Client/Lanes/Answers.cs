namespace Rave.Client.Lanes;

// Tells the callers of one request what has become of it, one after the other on one thread. A caller's code may run for long, or even
// wait for another caller of the same request: a second thread then goes on with the rest.
internal sealed class Answers(Lane lane, LaneRequest request, Exception? failure, bool holdsLane) : IThreadPoolWorkItem
{
    private readonly List<Pending> _callers = request.Callers;
    private int _next;
    private int _told;

    // Returns what the lane sends next, if its caller is to do that.
    internal LaneRequest? Tell()
    {
        bool hasHelp = false;
        int told = 0;
        int i;
        LaneRequest? next = null;
        while (next is null && (i = Interlocked.Increment(ref _next) - 1) < _callers.Count)
        {
            bool isLast = i == _callers.Count - 1;
            if (isLast && holdsLane && (next = lane.Told()) is not null)
            {
                ThreadPool.UnsafeQueueUserWorkItem(static end => end.answers.TellOne(end.caller), (answers: this, caller: i), preferLocal: false);
            }
            else
            {
                if (!isLast && !hasHelp)
                {
                    hasHelp = true;
                    ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                }

                Tell(i);
                told++;
            }
        }

        HaveTold(told);
        return next;
    }

    void IThreadPoolWorkItem.Execute() => _ = lane.RunAsync(Tell());

    private void TellOne(int caller)
    {
        Tell(caller);
        HaveTold(1);
    }

    // The request goes back once nobody reads in it any more.
    private void HaveTold(int callers)
    {
        if (callers > 0 && Interlocked.Add(ref _told, callers) == _callers.Count)
        {
            request.Return(isAnswered: failure is null);
        }
    }

    private void Tell(int caller)
    {
        switch (failure)
        {
            case null:
                _callers[caller].Complete(request.OperationsOf(caller), request.AnswerOf(caller));
                break;
            case RaveException shared:
                // An exception that is thrown twice mixes up its stack traces.
                _callers[caller].Fail(_callers.Count == 1 ? shared : shared.Again());
                break;
            default:
                _callers[caller].Fail(failure);
                break;
        }
    }
}

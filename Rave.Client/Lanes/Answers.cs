namespace Rave.Client.Lanes;

// Completes the callers of one request, one after the other on one thread. The code of a caller may run for long, or even wait for
// another caller of the same request. So a second thread helps with the rest.
internal sealed class Answers(Lane lane, LaneRequest request, Exception? failure, bool holdsPlace) : IThreadPoolWorkItem
{
    private readonly List<Pending> _callers = request.Callers;
    private int _next;
    private int _completed;

    // Returns the next request of the lane, if this thread is to send it.
    internal LaneRequest? Complete()
    {
        bool hasHelp = false;
        int completed = 0;
        int i;
        LaneRequest? next = null;
        while (next is null && (i = Interlocked.Increment(ref _next) - 1) < _callers.Count)
        {
            bool isLast = i == _callers.Count - 1;
            if (isLast && holdsPlace && (next = lane.TakeAfterAnswers()) is not null)
            {
                ThreadPool.UnsafeQueueUserWorkItem(
                    static last => last.answers.CompleteLast(last.caller), (answers: this, caller: i), preferLocal: false);
            }
            else
            {
                if (!isLast && !hasHelp)
                {
                    hasHelp = true;
                    ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                }

                Complete(i);
                completed++;
            }
        }

        CountCompleted(completed);
        return next;
    }

    void IThreadPoolWorkItem.Execute() => _ = lane.RunAsync(Complete());

    private void CompleteLast(int caller)
    {
        Complete(caller);
        CountCompleted(1);
    }

    // When all callers are completed, nobody reads the request any more.
    private void CountCompleted(int callers)
    {
        if (callers > 0 && Interlocked.Add(ref _completed, callers) == _callers.Count)
        {
            request.Return(isAnswered: failure is null);
        }
    }

    private void Complete(int caller)
    {
        switch (failure)
        {
            case null:
                _callers[caller].Complete(request.OperationsOf(caller), request.AnswerOf(caller));
                break;
            case RaveException shared:
                // An exception that is thrown twice mixes up its stack traces.
                _callers[caller].Fail(_callers.Count == 1 ? shared : shared.Copy());
                break;
            default:
                _callers[caller].Fail(failure);
                break;
        }
    }
}

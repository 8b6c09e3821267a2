namespace Rave.Tests.History;

// Whether the operations on one key can have happened one after the other, each at some moment between its call and its return. It is the
// search of Wing and Gong, which remembers the visited states (operations placed, value), as Lowe's does. Each value must be put only
// once. An operation that changes nothing is placed as soon as it fits. An operation with an unknown outcome is placed only if a later
// read sees it. Otherwise it is left out.
internal sealed class RegisterChecker
{
    // A hopeless search must end. Normal ones take about one step per operation.
    private const int MostSteps = 3_000_000;

    private readonly HistoryOperation[] _known;
    private readonly HistoryOperation[] _all;
    private readonly UInt128[] _marks;
    private readonly bool[] _placed;
    private readonly Dictionary<string, UInt128> _valueMarks = [];
    private readonly Random _random = new(1);

    private RegisterChecker(IEnumerable<HistoryOperation> operations)
    {
        HistoryOperation[] all = [.. operations.Where(operation => !(operation.IsRead && operation.Outcome == Outcome.Unknown))
            .OrderBy(operation => operation.Invoked)];
        _known = [.. all.Where(operation => operation.Outcome != Outcome.Unknown)];
        _all = [.. _known, .. all.Where(operation => operation.Outcome == Outcome.Unknown)];
        _marks = [.. _all.Select(_ => NewMark())];
        _placed = new bool[_all.Length];
    }

    // Null if they can. Otherwise, where the search got stuck.
    internal static string? Violation(IEnumerable<HistoryOperation> operations) => Violation(operations, out _);

    // And how many places the search has been at.
    internal static string? Violation(IEnumerable<HistoryOperation> operations, out int steps)
    {
        HashSet<UInt128> seen = [];
        string? violation = new RegisterChecker(operations).Search(seen);
        steps = seen.Count;
        return violation;
    }

    private string? Search(HashSet<UInt128> seen)
    {
        Stack<Place> path = new([new(null, Mark: 0, First: 0, LastInvoked: long.MinValue, Chosen: -1)]);
        Place furthest = path.Peek();
        int most = 0;
        while (path.TryPeek(out Place? here))
        {
            if (here.First == _known.Length)
            {
                return null;
            }

            here.Choices ??= Choices(here);
            if (here.Next == here.Choices.Count)
            {
                path.Pop();
                Unplace(here.Chosen);
                continue;
            }

            Place next = After(here, here.Choices[here.Next++]);
            if (!seen.Add(next.Mark ^ MarkOf(next.Value)))
            {
                continue;
            }

            if (seen.Count > MostSteps)
            {
                return $"Undecided after {seen.Count} steps, of which the furthest placed {most} of {_known.Length} operations.";
            }

            _placed[next.Chosen] = true;
            path.Push(next);
            if (path.Count > most)
            {
                (most, furthest) = (path.Count, next);
            }
        }

        IEnumerable<HistoryOperation> around = _known.Skip(Math.Max(0, furthest.First - 6)).Take(18);
        return $"Not linearizable: of {_known.Length} operations {most - 1} find a place, and then {furthest.Value ?? "none"} is stored"
            + $" before one of\n{string.Join('\n', around)}";
    }

    private void Unplace(int operation)
    {
        if (operation >= 0)
        {
            _placed[operation] = false;
        }
    }

    // The candidates for the next place: operations that were called before any unplaced operation returned.
    private List<int> Choices(Place here)
    {
        List<int> window = [];
        long firstReturn = HistoryOperation.Never;
        for (int i = here.First; i < _known.Length && _known[i].Invoked <= firstReturn; i++)
        {
            if (!_placed[i])
            {
                firstReturn = Math.Min(firstReturn, _known[i].Returned);
                window.Add(i);
            }
        }

        window.RemoveAll(i => _known[i].Invoked > firstReturn);
        List<int> doubtful = [.. Enumerable.Range(_known.Length, _all.Length - _known.Length).Where(i =>
            !_placed[i] && _all[i].Invoked <= firstReturn && here.LastInvoked <= _all[i].Returned && Fits(_all[i], here.Value) && _all[i]
                .Value != here.Value)];
        List<int> fitting = [.. window.Where(i => Fits(_known[i], here.Value)).OrderBy(i => _known[i].Returned)];
        int pure = fitting.FindIndex(i => IsPure(_known[i]) && !doubtful.Exists(other => _all[other].Returned < _known[i].Invoked));
        return pure >= 0 ? [fitting[pure]]
            : [.. fitting, .. doubtful.Where(i =>
                IsSeen(_all[i].Value, here.Value, window) || window.Exists(other => _known[other].Invoked > _all[i].Returned))];
    }

    // Whether something fits once the value is stored that does not fit before.
    private bool IsSeen(string? value, string? before, List<int> window) =>
        window.Exists(i => !Fits(_known[i], before) && Fits(_known[i], value))
        || Enumerable.Range(_known.Length, _all.Length - _known.Length)
            .Any(i => !_placed[i] && _all[i].Kind == OperationKind.CompareAndSet && _all[i].Expected == value);

    private Place After(Place here, int chosen)
    {
        HistoryOperation operation = _all[chosen];
        int first = here.First;
        while (first < _known.Length && (_placed[first] || first == chosen))
        {
            first++;
        }

        string? value = IsPure(operation) ? here.Value : operation.Value;
        return new(value, here.Mark ^ _marks[chosen], first, Math.Max(here.LastInvoked, operation.Invoked), chosen);
    }

    private static bool IsPure(HistoryOperation operation) => operation.IsRead || operation.Outcome == Outcome.Refused;

    private static bool Fits(HistoryOperation operation, string? stored) => operation.Kind switch
    {
        OperationKind.Get => stored == operation.Value,
        OperationKind.Put => true,
        _ => stored == operation.Expected != (operation.Outcome == Outcome.Refused),
    };

    private UInt128 MarkOf(string? value)
    {
        if (value is null)
        {
            return 0;
        }

        if (!_valueMarks.TryGetValue(value, out UInt128 mark))
        {
            _valueMarks.Add(value, mark = NewMark());
        }

        return mark;
    }

    // A set is identified by the exclusive or of the marks of its members: 128 random bits, so two different sets are not confused.
    private UInt128 NewMark() =>
        new((ulong)_random.NextInt64(long.MinValue, long.MaxValue), (ulong)_random.NextInt64(long.MinValue, long.MaxValue));

    private sealed record Place(string? Value, UInt128 Mark, int First, long LastInvoked, int Chosen)
    {
        internal List<int>? Choices { get; set; }

        internal int Next { get; set; }
    }
}

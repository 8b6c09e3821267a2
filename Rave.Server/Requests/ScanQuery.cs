using Rave.Server.Storage;

namespace Rave.Server.Requests;

// The scan of a query: a new one, or the rest of one. Other parameters must not contradict a continuation.
internal static class ScanQuery
{
    internal static Scan Read(Query query)
    {
        Scan given = new()
        {
            Bounds = query.Bounds(),
            Reverse = query.Flag(Parameter.Reverse, otherwise: false),
            Limit = query.Number(Parameter.Limit, least: Scan.Unlimited, otherwise: Scan.Unlimited),
            Keys = query.Flag(Parameter.Keys, otherwise: true),
            Values = query.Flag(Parameter.Values, otherwise: true),
            ETags = query.Flag(Parameter.ETags, otherwise: false),
            Snapshot = query.Text(Parameter.Snapshot),
        };
        if (query.Bytes(Parameter.Continuation) is not { } token)
        {
            return given;
        }

        if (query.Has(Parameter.Limit))
        {
            throw new RaveException(ErrorCodes.InvalidRequest, "A continuation contains the rest of the limit. Omit 'limit'.");
        }

        Scan scan = ContinuationToken.Decode(token);
        CheckAgreement(query, given, scan);
        return scan;
    }

    private static void CheckAgreement(Query query, Scan given, Scan scan)
    {
        CheckGiven(query, Parameter.Reverse, given.Reverse == scan.Reverse);
        CheckGiven(query, Parameter.Keys, given.Keys == scan.Keys);
        CheckGiven(query, Parameter.Values, given.Values == scan.Values);
        CheckGiven(query, Parameter.ETags, given.ETags == scan.ETags);
        CheckGiven(query, Parameter.Snapshot, given.Snapshot == scan.Snapshot);
        CheckBound(Parameter.Gt, given.Bounds.Gt, scan.Bounds.Gt);
        CheckBound(Parameter.Gte, given.Bounds.Gte, scan.Bounds.Gte);
        CheckBound(Parameter.Lt, given.Bounds.Lt, scan.Bounds.Lt);
        CheckBound(Parameter.Lte, given.Bounds.Lte, scan.Bounds.Lte);
        CheckBound(Parameter.Prefix, given.Bounds.Prefix, scan.Bounds.Prefix);
    }

    private static void CheckGiven(Query query, Parameter parameter, bool agrees)
    {
        if (query.Has(parameter) && !agrees)
        {
            throw Contradiction(parameter);
        }
    }

    private static void CheckBound(Parameter parameter, byte[]? given, byte[]? scanned)
    {
        if (given is not null && (scanned is null || !given.AsSpan().SequenceEqual(scanned)))
        {
            throw Contradiction(parameter);
        }
    }

    private static RaveException Contradiction(Parameter parameter) =>
        new(
            ErrorCodes.InvalidRequest,
            $"The parameter '{parameter.Name}' contradicts the continuation. Repeat the value of the first page, or omit the parameter.");
}

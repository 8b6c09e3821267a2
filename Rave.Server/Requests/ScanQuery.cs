using Rave.Server.Storage;

namespace Rave.Server.Requests;

// The scan of a query: a new one, or the rest of one. Other parameters must not contradict a continuation.
internal static class ScanQuery
{
    internal static Scan Read(Query query)
    {
        Scan asked = new()
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
            return asked;
        }

        if (query.Has(Parameter.Limit))
        {
            throw new RaveException(ErrorCodes.InvalidRequest, "A continuation contains the rest of the limit. Omit 'limit'.");
        }

        Scan scan = ContinuationToken.Decode(token);
        CheckAgreement(query, asked, scan);
        return scan;
    }

    private static void CheckAgreement(Query query, Scan asked, Scan scan)
    {
        CheckGiven(query, Parameter.Reverse, asked.Reverse == scan.Reverse);
        CheckGiven(query, Parameter.Keys, asked.Keys == scan.Keys);
        CheckGiven(query, Parameter.Values, asked.Values == scan.Values);
        CheckGiven(query, Parameter.ETags, asked.ETags == scan.ETags);
        CheckGiven(query, Parameter.Snapshot, asked.Snapshot == scan.Snapshot);
        CheckBound(Parameter.Gt, asked.Bounds.Gt, scan.Bounds.Gt);
        CheckBound(Parameter.Gte, asked.Bounds.Gte, scan.Bounds.Gte);
        CheckBound(Parameter.Lt, asked.Bounds.Lt, scan.Bounds.Lt);
        CheckBound(Parameter.Lte, asked.Bounds.Lte, scan.Bounds.Lte);
        CheckBound(Parameter.Prefix, asked.Bounds.Prefix, scan.Bounds.Prefix);
    }

    private static void CheckGiven(Query query, Parameter parameter, bool agrees)
    {
        if (query.Has(parameter) && !agrees)
        {
            throw Contradiction(parameter);
        }
    }

    private static void CheckBound(Parameter parameter, byte[]? asked, byte[]? scanned)
    {
        if (asked is not null && (scanned is null || !asked.AsSpan().SequenceEqual(scanned)))
        {
            throw Contradiction(parameter);
        }
    }

    private static RaveException Contradiction(Parameter parameter) =>
        new(
            ErrorCodes.InvalidRequest,
            $"The parameter '{parameter.Name}' contradicts the continuation. Repeat the value of the first page, or omit the parameter.");
}

namespace Rave.Server.Contracts;

// RFC 9457 problem details, with our stable code.
internal sealed record Problem(string Type, string Title, int Status, string Detail, string Code)
{
    internal const string BlankType = "about:blank";
}

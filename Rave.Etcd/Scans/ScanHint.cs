namespace Rave.Etcd.Scans;

// What one page has taught for the next: how many entries to ask for, and how far apart their keys lie. It makes scans fast; none is wrong
// without it.
internal sealed record ScanHint(int Entries, KeySpacing? Spacing)
{
    // Etcd has no limit of bytes for an answer. Values may be as large as a page, so a scan begins carefully.
    internal static readonly ScanHint None = new(100, null);
}

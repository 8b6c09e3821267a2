namespace Rave.Etcd.Scans;

// Experience from one page for the next: how many entries to request, and how dense their keys are. It only makes scans faster.
internal sealed record ScanHint(int Entries, KeySpacing? Spacing)
{
    // etcd has no limit for the bytes of an answer. A value can be as large as a page, so a scan begins with few entries.
    internal static readonly ScanHint None = new(100, null);
}

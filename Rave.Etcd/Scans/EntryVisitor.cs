using Rave.Etcd.Wire;

namespace Rave.Etcd.Scans;

// Takes an entry of a page, with its key as its user knows it; false where the page is full without it.
internal delegate bool EntryVisitor(ReadOnlySpan<byte> key, KeyValue entry);

using Rave.Etcd.Wire;

namespace Rave.Etcd.Scans;

// Adds an entry to a page. The key has no prefix. False if the page is full without this entry.
internal delegate bool EntryVisitor(ReadOnlySpan<byte> key, KeyValue entry);

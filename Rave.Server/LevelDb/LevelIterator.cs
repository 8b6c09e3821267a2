using Microsoft.Win32.SafeHandles;

namespace Rave.Server.LevelDb;

// A position in the sorted keys. One owner, one thread at a time. Keeps the database open until it is disposed.
internal sealed unsafe class LevelIterator : SafeHandleZeroOrMinusOneIsInvalid
{
    private readonly LevelDatabase _database;

    internal LevelIterator(LevelDatabase database, nint readOptions, LevelSnapshot? snapshot)
        : base(ownsHandle: true)
    {
        _database = database;
        bool added = false;
        database.DangerousAddRef(ref added);
        // Nothing may throw after AddRef. A call with the SafeHandle would throw if the database is disposed at this moment.
        SetHandle(NativeMethods.leveldb_create_iterator(database.DangerousGetHandle(), readOptions));
        GC.KeepAlive(snapshot);
    }

    // Whether there is an entry here. False at both ends. It does not show whether damaged entries were skipped: see ThrowIfFailed.
    internal bool Valid => NativeMethods.leveldb_iter_valid(handle) != 0;

    // Points into LevelDB's memory. Valid until the next move.
    internal ReadOnlySpan<byte> Key
    {
        get
        {
            byte* key = NativeMethods.leveldb_iter_key(handle, out nuint length);
            return new(key, checked((int)length));
        }
    }

    // Points into LevelDB's memory. Valid until the next move.
    internal ReadOnlySpan<byte> Value
    {
        get
        {
            byte* value = NativeMethods.leveldb_iter_value(handle, out nuint length);
            return new(value, checked((int)length));
        }
    }

    internal void SeekToFirst() => NativeMethods.leveldb_iter_seek_to_first(handle);

    internal void SeekToLast() => NativeMethods.leveldb_iter_seek_to_last(handle);

    // Moves to the first entry at or after the key.
    internal void Seek(ReadOnlySpan<byte> key)
    {
        fixed (byte* pointer = key)
        {
            NativeMethods.leveldb_iter_seek(handle, pointer, (nuint)key.Length);
        }
    }

    internal void Next() => NativeMethods.leveldb_iter_next(handle);

    internal void Previous() => NativeMethods.leveldb_iter_prev(handle);

    // Throws if any move could not read something. LevelDB skips a damaged block or a missing file, and is valid again after it
    // (SkipEmptyDataBlocksForward in table/two_level_iterator.cc). So call this after the last move, before the entries are used.
    internal void ThrowIfFailed()
    {
        nint error = 0;
        NativeMethods.leveldb_iter_get_error(handle, ref error);
        GC.KeepAlive(this);
        ErrorText.ThrowIfSet(error, _database.ForeignDescription);
    }

    protected override bool ReleaseHandle()
    {
        NativeMethods.leveldb_iter_destroy(handle);
        _database.DangerousRelease();
        return true;
    }
}

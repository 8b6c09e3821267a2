using Microsoft.Win32.SafeHandles;

namespace Rave.Server.LevelDb;

// A view of the database at one moment. Keeps the database open until it is disposed.
internal sealed class LevelSnapshot : SafeHandleZeroOrMinusOneIsInvalid
{
    private readonly LevelDatabase _database;

    internal LevelSnapshot(LevelDatabase database)
        : base(ownsHandle: true)
    {
        _database = database;
        bool added = false;
        database.DangerousAddRef(ref added);
        // Nothing may throw after AddRef: see LevelIterator.
        SetHandle(NativeMethods.leveldb_create_snapshot(database.DangerousGetHandle()));
        ReadOptions = NativeOptions.CreateReadOptions();
        NativeMethods.leveldb_readoptions_set_snapshot(ReadOptions, handle);
    }

    internal nint ReadOptions { get; }

    protected override bool ReleaseHandle()
    {
        NativeMethods.leveldb_readoptions_destroy(ReadOptions);
        NativeMethods.leveldb_release_snapshot(_database.DangerousGetHandle(), handle);
        _database.DangerousRelease();
        return true;
    }
}

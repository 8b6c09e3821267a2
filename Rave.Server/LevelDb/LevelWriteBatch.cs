using Microsoft.Win32.SafeHandles;

namespace Rave.Server.LevelDb;

// Operations that LevelDB applies all or none, in order. One owner, one thread at a time.
internal sealed unsafe class LevelWriteBatch : SafeHandleZeroOrMinusOneIsInvalid
{
    internal LevelWriteBatch()
        : base(ownsHandle: true)
    {
        LibraryResolver.Ensure();
        SetHandle(NativeMethods.leveldb_writebatch_create());
    }

    internal void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        fixed (byte* keyPointer = key)
        fixed (byte* valuePointer = value)
        {
            NativeMethods.leveldb_writebatch_put(handle, keyPointer, (nuint)key.Length, valuePointer, (nuint)value.Length);
        }
    }

    internal void Delete(ReadOnlySpan<byte> key)
    {
        fixed (byte* keyPointer = key)
        {
            NativeMethods.leveldb_writebatch_delete(handle, keyPointer, (nuint)key.Length);
        }
    }

    internal void Append(LevelWriteBatch other)
    {
        NativeMethods.leveldb_writebatch_append(handle, other.handle);
        GC.KeepAlive(other);
    }

    protected override bool ReleaseHandle()
    {
        NativeMethods.leveldb_writebatch_destroy(handle);
        return true;
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Rave.Server.LevelDb;

// Receives one operation of a batch. The spans are valid during the call. The value of a deletion is empty.
internal delegate void OperationVisitor(bool isPut, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value);

// Operations that LevelDB applies in order, all or none. One owner, one thread at a time.
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

    // Calls the visitor with each operation, in order.
    internal void Visit(OperationVisitor visitor)
    {
        Visiting visiting = new(visitor);
        GCHandle state = GCHandle.Alloc(visiting);
        try
        {
            NativeMethods.leveldb_writebatch_iterate(handle, GCHandle.ToIntPtr(state), &OnPut, &OnDelete);
        }
        finally
        {
            state.Free();
        }

        visiting.ThrowIfFailed();
    }

    protected override bool ReleaseHandle()
    {
        NativeMethods.leveldb_writebatch_destroy(handle);
        return true;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnPut(nint state, byte* key, nuint keyLength, byte* value, nuint valueLength) =>
        Visiting.Of(state).Visit(isPut: true, new(key, checked((int)keyLength)), new(value, checked((int)valueLength)));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnDelete(nint state, byte* key, nuint keyLength) =>
        Visiting.Of(state).Visit(isPut: false, new(key, checked((int)keyLength)), default);

    private sealed class Visiting(OperationVisitor visitor)
    {
        private ExceptionDispatchInfo? _failure;

        internal static Visiting Of(nint state) => (Visiting)GCHandle.FromIntPtr(state).Target!;

        internal void Visit(bool isPut, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
        {
            if (_failure is not null)
            {
                return;
            }

            try
            {
                visitor(isPut, key, value);
            }
            catch (Exception failure)
            {
                // An exception must not pass through native code: it would end the process.
                _failure = ExceptionDispatchInfo.Capture(failure);
            }
        }

        internal void ThrowIfFailed() => _failure?.Throw();
    }
}

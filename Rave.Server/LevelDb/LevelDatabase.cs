using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Rave.Server.Files;

namespace Rave.Server.LevelDb;

// An open database. The SafeHandle counts the native calls, iterators and snapshots that use it. Dispose refuses new ones.
// leveldb_close runs when the last one has ended, because closing earlier aborts the process.
internal sealed unsafe class LevelDatabase : SafeHandleZeroOrMinusOneIsInvalid
{
    private readonly NativeOptions _options;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private LevelDatabase(NativeOptions options, string directory)
        : base(ownsHandle: true)
    {
        _options = options;
        ForeignDescription = new(() => DescribeForeignFormat(directory));
    }

    // Describes the foreign format in the files. They are searched only after LevelDB has reported one.
    internal Lazy<string> ForeignDescription { get; }

    // Completes when leveldb_close has returned.
    internal Task Closed => _closed.Task;

    internal static LevelDatabase Open(string directory, LevelDbOptions settings, bool create)
    {
        LibraryResolver.Ensure();
        LevelDatabase database = new(new NativeOptions(settings, create), directory);
        nint error = 0;
        database.SetHandle(NativeMethods.leveldb_open(database._options.Open, directory, ref error));
        if (error != 0)
        {
            database._options.Dispose();
            ErrorText.ThrowIfSet(error, database.ForeignDescription);
        }

        return database;
    }

    // Deletes LevelDB's files. The caller must hold the directory's lock.
    internal static void Destroy(string directory)
    {
        LibraryResolver.Ensure();
        using NativeOptions options = new(new(), create: false);
        nint error = 0;
        NativeMethods.leveldb_destroy_db(options.Open, directory, ref error);
        ErrorText.ThrowIfSet(error);
    }

    // Rewrites everything readable into new files, and moves the old ones to the folder "lost". LevelDB takes no lock for this, so the
    // caller must hold the directory's lock.
    internal static void Repair(string directory, LevelDbOptions settings)
    {
        LibraryResolver.Ensure();
        using NativeOptions options = new(settings, create: false);
        nint error = 0;
        NativeMethods.leveldb_repair_db(options.Open, directory, ref error);
        ErrorText.ThrowIfSet(error);
    }

    internal static string LibraryVersion()
    {
        LibraryResolver.Ensure();
        return $"{NativeMethods.leveldb_major_version()}.{NativeMethods.leveldb_minor_version()}";
    }

    // A copy of the value, or null if there is none.
    internal byte[]? Get(ReadOnlySpan<byte> key, LevelSnapshot? snapshot = null)
    {
        LevelValue value = Find(key, snapshot);
        byte[]? copy = value.Exists ? value.Bytes.ToArray() : null;
        value.Free();
        return copy;
    }

    internal bool Has(ReadOnlySpan<byte> key, LevelSnapshot? snapshot = null)
    {
        LevelValue value = Find(key, snapshot);
        value.Free();
        return value.Exists;
    }

    // The value itself, without a copy.
    internal LevelValue Find(ReadOnlySpan<byte> key, LevelSnapshot? snapshot = null)
    {
        nint error = 0;
        byte* value;
        nuint length;
        fixed (byte* pointer = key)
        {
            nint options = snapshot?.ReadOptions ?? _options.Read;
            value = NativeMethods.leveldb_get(this, options, pointer, (nuint)key.Length, out length, ref error);
        }

        GC.KeepAlive(snapshot);
        ErrorText.ThrowIfSet(error, ForeignDescription);
        return new(value, value is null ? 0 : checked((int)length));
    }

    internal void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool sync)
    {
        nint error = 0;
        fixed (byte* keyPointer = key)
        fixed (byte* valuePointer = value)
        {
            NativeMethods.leveldb_put(
                this, _options.Write(sync), keyPointer, (nuint)key.Length, valuePointer, (nuint)value.Length, ref error);
        }

        ErrorText.ThrowIfSet(error, ForeignDescription);
        HasWritten = true;
    }

    internal void Delete(ReadOnlySpan<byte> key, bool sync)
    {
        nint error = 0;
        fixed (byte* keyPointer = key)
        {
            NativeMethods.leveldb_delete(this, _options.Write(sync), keyPointer, (nuint)key.Length, ref error);
        }

        ErrorText.ThrowIfSet(error, ForeignDescription);
        HasWritten = true;
    }

    // Whether a write has succeeded since the database was opened.
    internal bool HasWritten { get; private set; }

    internal void Write(LevelWriteBatch batch, bool sync)
    {
        nint error = 0;
        NativeMethods.leveldb_write(this, _options.Write(sync), batch.DangerousGetHandle(), ref error);
        GC.KeepAlive(batch);
        ErrorText.ThrowIfSet(error, ForeignDescription);
        HasWritten = true;
    }

    internal LevelIterator CreateIterator(LevelSnapshot? snapshot = null) => new(this, snapshot?.ReadOptions ?? _options.Read, snapshot);

    internal LevelSnapshot CreateSnapshot() => new(this);

    // The text of a property, or null if LevelDB does not know it.
    internal string? Property(string name)
    {
        nint text = NativeMethods.leveldb_property_value(this, name);
        string? value = Marshal.PtrToStringUTF8(text);
        NativeMethods.leveldb_free(text);
        return value;
    }

    // The approximate number of bytes that the files have for a range. Data that is still in memory is not counted.
    internal long ApproximateSize(ReadOnlySpan<byte> start, ReadOnlySpan<byte> end)
    {
        ulong size = 0;
        nuint startLength = (nuint)start.Length;
        nuint endLength = (nuint)end.Length;
        fixed (byte* startPointer = start)
        fixed (byte* endPointer = end)
        {
            byte* from = startPointer;
            byte* to = endPointer;
            NativeMethods.leveldb_approximate_sizes(this, 1, &from, &startLength, &to, &endLength, &size);
        }

        return (long)size;
    }

    // Compacts a range; null means the first or the last key. Blocks until it is done, so use small ranges.
    internal void Compact(byte[]? start, byte[]? end)
    {
        // A null pointer is an end of the database. The empty key also becomes one, and is the beginning.
        fixed (byte* startPointer = start)
        fixed (byte* endPointer = end)
        {
            NativeMethods.leveldb_compact_range(
                this, startPointer, (nuint)(start?.Length ?? 0), endPointer, (nuint)(end?.Length ?? 0));
        }

        // LevelDB does not report a failed compaction, but refuses all writes after it, even an empty one.
        using LevelWriteBatch nothing = new();
        Write(nothing, sync: false);
    }

    private static string DescribeForeignFormat(string directory)
    {
        try
        {
            return $"'{directory}' {ForeignFormat.Find(directory) ?? ForeignFormat.Unknown}";
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            // LevelDB may delete files while it is open.
            return $"'{directory}' {ForeignFormat.Unknown}";
        }
    }

    protected override bool ReleaseHandle()
    {
        NativeMethods.leveldb_close(handle);
        _options.Dispose();
        _closed.TrySetResult();
        return true;
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

// Arguments need no conversion at run time, so ReadyToRun can compile the calls.
[assembly: DisableRuntimeMarshalling]

namespace Rave.Server.LevelDb;

// The functions that we call of LevelDB 1.23's C API (include/leveldb/c.h).
// - size_t is nuint, and a bool is a byte. Pointers to keys and values are used only during the call.
// - An error is a UTF-8 string, which leveldb_free releases. It must be `ref`, not `out`: LevelDB frees an error that is set already,
//   and the memory of an `out` is not initialized.
// - The database is a SafeHandle, so that it cannot be closed during a call. Callers that keep it open pass its pointer.
// - SuppressGCTransition is only on accessors that take nanoseconds and never wait.
internal static unsafe partial class NativeMethods
{
    internal const string Library = "leveldb";

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint leveldb_open(nint options, string name, ref nint error);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void leveldb_destroy_db(nint options, string name, ref nint error);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void leveldb_repair_db(nint options, string name, ref nint error);

    [LibraryImport(Library)]
    internal static partial void leveldb_close(nint database);

    [LibraryImport(Library)]
    internal static partial void leveldb_put(
        LevelDatabase database, nint options, byte* key, nuint keyLength, byte* value, nuint valueLength, ref nint error);

    [LibraryImport(Library)]
    internal static partial void leveldb_delete(LevelDatabase database, nint options, byte* key, nuint keyLength, ref nint error);

    [LibraryImport(Library)]
    internal static partial void leveldb_write(LevelDatabase database, nint options, nint batch, ref nint error);

    [LibraryImport(Library)]
    internal static partial byte* leveldb_get(
        LevelDatabase database, nint options, byte* key, nuint keyLength, out nuint valueLength, ref nint error);

    [LibraryImport(Library)]
    internal static partial nint leveldb_create_snapshot(nint database);

    [LibraryImport(Library)]
    internal static partial void leveldb_release_snapshot(nint database, nint snapshot);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint leveldb_property_value(LevelDatabase database, string name);

    // Takes arrays with one element per range. Reports no errors.
    [LibraryImport(Library)]
    internal static partial void leveldb_approximate_sizes(
        LevelDatabase database, int ranges, byte** starts, nuint* startLengths, byte** limits, nuint* limitLengths, ulong* sizes);

    // A null pointer is an end of the database. Reports no errors.
    [LibraryImport(Library)]
    internal static partial void leveldb_compact_range(
        LevelDatabase database, byte* start, nuint startLength, byte* limit, nuint limitLength);

    [LibraryImport(Library)]
    internal static partial nint leveldb_create_iterator(nint database, nint options);

    [LibraryImport(Library)]
    internal static partial void leveldb_iter_destroy(nint iterator);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial byte leveldb_iter_valid(nint iterator);

    [LibraryImport(Library)]
    internal static partial void leveldb_iter_seek_to_first(nint iterator);

    [LibraryImport(Library)]
    internal static partial void leveldb_iter_seek_to_last(nint iterator);

    [LibraryImport(Library)]
    internal static partial void leveldb_iter_seek(nint iterator, byte* key, nuint keyLength);

    [LibraryImport(Library)]
    internal static partial void leveldb_iter_next(nint iterator);

    [LibraryImport(Library)]
    internal static partial void leveldb_iter_prev(nint iterator);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial byte* leveldb_iter_key(nint iterator, out nuint length);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial byte* leveldb_iter_value(nint iterator, out nuint length);

    [LibraryImport(Library)]
    internal static partial void leveldb_iter_get_error(nint iterator, ref nint error);

    [LibraryImport(Library)]
    internal static partial nint leveldb_writebatch_create();

    [LibraryImport(Library)]
    internal static partial void leveldb_writebatch_destroy(nint batch);

    [LibraryImport(Library)]
    internal static partial void leveldb_writebatch_put(nint batch, byte* key, nuint keyLength, byte* value, nuint valueLength);

    [LibraryImport(Library)]
    internal static partial void leveldb_writebatch_delete(nint batch, byte* key, nuint keyLength);

    [LibraryImport(Library)]
    internal static partial void leveldb_writebatch_append(nint destination, nint source);

    [LibraryImport(Library)]
    internal static partial void leveldb_writebatch_iterate(
        nint batch,
        nint state,
        delegate* unmanaged[Cdecl]<nint, byte*, nuint, byte*, nuint, void> put,
        delegate* unmanaged[Cdecl]<nint, byte*, nuint, void> deleted);

    [LibraryImport(Library)]
    internal static partial nint leveldb_options_create();

    [LibraryImport(Library)]
    internal static partial void leveldb_options_destroy(nint options);

    [LibraryImport(Library)]
    internal static partial void leveldb_options_set_create_if_missing(nint options, byte value);

    [LibraryImport(Library)]
    internal static partial void leveldb_options_set_paranoid_checks(nint options, byte value);

    [LibraryImport(Library)]
    internal static partial void leveldb_options_set_write_buffer_size(nint options, nuint bytes);

    [LibraryImport(Library)]
    internal static partial void leveldb_options_set_max_open_files(nint options, int count);

    [LibraryImport(Library)]
    internal static partial void leveldb_options_set_block_size(nint options, nuint bytes);

    [LibraryImport(Library)]
    internal static partial void leveldb_options_set_block_restart_interval(nint options, int keys);

    [LibraryImport(Library)]
    internal static partial void leveldb_options_set_max_file_size(nint options, nuint bytes);

    [LibraryImport(Library)]
    internal static partial void leveldb_options_set_compression(nint options, int kind);

    [LibraryImport(Library)]
    internal static partial void leveldb_options_set_cache(nint options, nint cache);

    [LibraryImport(Library)]
    internal static partial void leveldb_options_set_filter_policy(nint options, nint policy);

    [LibraryImport(Library)]
    internal static partial nint leveldb_cache_create_lru(nuint bytes);

    [LibraryImport(Library)]
    internal static partial void leveldb_cache_destroy(nint cache);

    [LibraryImport(Library)]
    internal static partial nint leveldb_filterpolicy_create_bloom(int bitsPerKey);

    [LibraryImport(Library)]
    internal static partial void leveldb_filterpolicy_destroy(nint policy);

    [LibraryImport(Library)]
    internal static partial nint leveldb_readoptions_create();

    [LibraryImport(Library)]
    internal static partial void leveldb_readoptions_destroy(nint options);

    [LibraryImport(Library)]
    internal static partial void leveldb_readoptions_set_verify_checksums(nint options, byte value);

    [LibraryImport(Library)]
    internal static partial void leveldb_readoptions_set_snapshot(nint options, nint snapshot);

    [LibraryImport(Library)]
    internal static partial nint leveldb_writeoptions_create();

    [LibraryImport(Library)]
    internal static partial void leveldb_writeoptions_destroy(nint options);

    [LibraryImport(Library)]
    internal static partial void leveldb_writeoptions_set_sync(nint options, byte value);

    [LibraryImport(Library)]
    internal static partial int leveldb_major_version();

    [LibraryImport(Library)]
    internal static partial int leveldb_minor_version();

    [LibraryImport(Library)]
    internal static partial void leveldb_free(nint pointer);
}

namespace Rave.Server.LevelDb;

// The native option objects of one database. LevelDB uses the cache and the filter until the database is closed.
internal sealed class NativeOptions : IDisposable
{
    private readonly nint _cache;
    private readonly nint _filter;
    private readonly nint _write;
    private readonly nint _writeSync;
    private bool _disposed;

    internal NativeOptions(LevelDbOptions settings, bool create)
    {
        Open = NativeMethods.leveldb_options_create();
        NativeMethods.leveldb_options_set_create_if_missing(Open, Native(create));
        // Damaged data is an error, and never a wrong value or a missing entry.
        NativeMethods.leveldb_options_set_paranoid_checks(Open, 1);
        NativeMethods.leveldb_options_set_write_buffer_size(Open, (nuint)settings.WriteBufferSize);
        NativeMethods.leveldb_options_set_max_open_files(Open, settings.MaxOpenFiles);
        NativeMethods.leveldb_options_set_block_size(Open, (nuint)settings.BlockSize);
        NativeMethods.leveldb_options_set_block_restart_interval(Open, settings.BlockRestartInterval);
        NativeMethods.leveldb_options_set_max_file_size(Open, (nuint)settings.MaxFileSize);
        NativeMethods.leveldb_options_set_compression(Open, Native(settings.Compression));
        _cache = NativeMethods.leveldb_cache_create_lru((nuint)settings.CacheSize);
        NativeMethods.leveldb_options_set_cache(Open, _cache);
        if (settings.BloomFilterBits > 0)
        {
            _filter = NativeMethods.leveldb_filterpolicy_create_bloom(settings.BloomFilterBits);
            NativeMethods.leveldb_options_set_filter_policy(Open, _filter);
        }

        Read = CreateReadOptions();
        _write = NativeMethods.leveldb_writeoptions_create();
        _writeSync = NativeMethods.leveldb_writeoptions_create();
        NativeMethods.leveldb_writeoptions_set_sync(_writeSync, 1);
    }

    internal nint Open { get; }

    internal nint Read { get; }

    internal nint Write(bool sync) => sync ? _writeSync : _write;

    internal static nint CreateReadOptions()
    {
        nint options = NativeMethods.leveldb_readoptions_create();
        NativeMethods.leveldb_readoptions_set_verify_checksums(options, 1);
        return options;
    }

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        NativeMethods.leveldb_options_destroy(Open);
        NativeMethods.leveldb_readoptions_destroy(Read);
        NativeMethods.leveldb_writeoptions_destroy(_write);
        NativeMethods.leveldb_writeoptions_destroy(_writeSync);
        NativeMethods.leveldb_cache_destroy(_cache);
        if (_filter != 0)
        {
            NativeMethods.leveldb_filterpolicy_destroy(_filter);
        }
    }

    private static byte Native(bool value) => value ? (byte)1 : (byte)0;
}

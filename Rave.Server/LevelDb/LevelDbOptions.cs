namespace Rave.Client;

/// <summary>LevelDB's options. They are used while this process leads.</summary>
/// <remarks>The defaults are those of LevelDB (include/leveldb/options.h), except for the bloom filter. LevelDB has none.</remarks>
public record LevelDbOptions
{
    /// <summary>Whether to create the database and its directory if there is none. Defaults to <see langword="true"/>.</summary>
    public bool CreateIfMissing { get; set; } = true;

    /// <summary>Whether to fail if the database already exists. Defaults to <see langword="false"/>.</summary>
    public bool ErrorIfExists { get; set; }

    /// <summary>Whether new blocks are compressed with Snappy. Defaults to <see langword="true"/>.</summary>
    public bool Compression { get; set; } = true;

    /// <summary>Bytes of uncompressed blocks kept in memory. Defaults to 8 MiB.</summary>
    public int CacheSize { get; set; } = 8 << 20;

    /// <summary>Bytes in memory before they become a sorted file. Recovery after a crash reads as much. Defaults to 4 MiB.</summary>
    public int WriteBufferSize { get; set; } = 4 << 20;

    /// <summary>Bytes of user data in a block, before compression. Defaults to 4 KiB.</summary>
    public int BlockSize { get; set; } = 4 << 10;

    /// <summary>Files that LevelDB keeps open at once. Defaults to 1,000.</summary>
    public int MaxOpenFiles { get; set; } = 1000;

    /// <summary>Keys between restart points in a block. Defaults to 16.</summary>
    public int BlockRestartInterval { get; set; } = 16;

    /// <summary>Bytes in a file before LevelDB starts another one. Defaults to 2 MiB.</summary>
    public int MaxFileSize { get; set; } = 2 << 20;

    /// <summary>
    /// Bits per key in the bloom filter, which saves reads of missing keys; 0 for none. Defaults to 10 (about 1 % false positives).
    /// </summary>
    public int BloomFilterBits { get; set; } = 10;
}

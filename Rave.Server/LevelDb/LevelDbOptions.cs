namespace Rave.Client;

/// <summary>How LevelDB stores its files. Used by whichever process leads; a follower's settings wait for its turn.</summary>
/// <remarks>The defaults are LevelDB's own (include/leveldb/options.h), except for the bloom filter, of which it has none.</remarks>
public record LevelDbOptions
{
    /// <summary>Whether opening creates a database that does not exist, its directory included. Defaults to <see langword="true"/>.</summary>
    public bool CreateIfMissing { get; set; } = true;

    /// <summary>Whether opening fails where a database exists already. Defaults to <see langword="false"/>.</summary>
    public bool ErrorIfExists { get; set; }

    /// <summary>Whether new blocks are compressed with Snappy. Defaults to <see langword="true"/>.</summary>
    public bool Compression { get; set; } = true;

    /// <summary>Bytes of uncompressed blocks kept in memory. Defaults to 8 MiB.</summary>
    public int CacheSize { get; set; } = 8 << 20;

    /// <summary>Bytes gathered in memory before they become a sorted file. Defaults to 4 MiB; recovery after a crash reads as much.</summary>
    public int WriteBufferSize { get; set; } = 4 << 20;

    /// <summary>Bytes of user data in a block, before compression. Defaults to 4 KiB.</summary>
    public int BlockSize { get; set; } = 4 << 10;

    /// <summary>Files that LevelDB keeps open at once. Defaults to 1,000.</summary>
    public int MaxOpenFiles { get; set; } = 1000;

    /// <summary>Keys between restart points of a block's delta encoding. Defaults to 16.</summary>
    public int BlockRestartInterval { get; set; } = 16;

    /// <summary>Bytes after which LevelDB begins another file. Defaults to 2 MiB.</summary>
    public int MaxFileSize { get; set; } = 2 << 20;

    /// <summary>Bits a key of the bloom filter that saves reads of missing keys; 0 for none. Defaults to 10 (about 1 % false positives).</summary>
    public int BloomFilterBits { get; set; } = 10;
}

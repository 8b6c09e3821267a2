namespace Rave.Server.Protocol;

// LevelDB's options of a leader, in the answer of GET /v1/status.
internal sealed record StorageOptions(
    bool Compression, int CacheSize, int WriteBufferSize, int BlockSize,
    int MaxOpenFiles, int BlockRestartInterval, int MaxFileSize, int BloomFilterBits);

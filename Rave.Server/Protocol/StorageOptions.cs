namespace Rave.Server.Protocol;

// How a leader has opened LevelDB, as GET /v1/status says it.
internal sealed record StorageOptions(
    bool Compression, int CacheSize, int WriteBufferSize, int BlockSize, int MaxOpenFiles, int BlockRestartInterval, int MaxFileSize, int BloomFilterBits);

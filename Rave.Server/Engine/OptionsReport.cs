using Rave.Server.Protocol;

namespace Rave.Server.Engine;

// What of the options is said to others: all that lasts while the database is open.
internal static class OptionsReport
{
    internal static StorageOptions Of(LevelDbOptions options) => new(
        options.Compression, options.CacheSize, options.WriteBufferSize, options.BlockSize,
        options.MaxOpenFiles, options.BlockRestartInterval, options.MaxFileSize, options.BloomFilterBits);

    // "compression true instead of false, …"; empty where both are the same.
    internal static string Differences(StorageOptions used, StorageOptions asked)
    {
        (string Name, object Used, object Asked)[] all =
        [
            ("compression", used.Compression, asked.Compression),
            ("cache size", used.CacheSize, asked.CacheSize),
            ("write buffer size", used.WriteBufferSize, asked.WriteBufferSize),
            ("block size", used.BlockSize, asked.BlockSize),
            ("open files", used.MaxOpenFiles, asked.MaxOpenFiles),
            ("block restart interval", used.BlockRestartInterval, asked.BlockRestartInterval),
            ("file size", used.MaxFileSize, asked.MaxFileSize),
            ("bloom filter bits", used.BloomFilterBits, asked.BloomFilterBits),
        ];
        return string.Join(", ", all.Where(option => !option.Used.Equals(option.Asked)).Select(option => $"{option.Name} {option.Used} instead of {option.Asked}"));
    }
}

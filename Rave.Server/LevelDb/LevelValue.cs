namespace Rave.Server.LevelDb;

// A value in LevelDB's memory, or none. The caller frees it.
internal readonly unsafe struct LevelValue(byte* value, int length)
{
    internal bool Exists => value is not null;

    internal ReadOnlySpan<byte> Bytes => new(value, length);

    // To be called once.
    internal void Free() => NativeMethods.leveldb_free((nint)value);
}

namespace Rave.Server.LevelDb;

// A value where LevelDB put it, or none. Whoever asked for it frees it.
internal readonly unsafe struct LevelValue(byte* value, int length)
{
    internal bool Exists => value is not null;

    internal ReadOnlySpan<byte> Bytes => new(value, length);

    // Once.
    internal void Free() => NativeMethods.leveldb_free((nint)value);
}

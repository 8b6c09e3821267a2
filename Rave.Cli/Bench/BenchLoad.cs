using System.Globalization;

namespace Rave.Cli.Bench;

// What is written and read: 13-byte keys, values of 100 bytes unless said otherwise, and how many of them.
internal sealed class BenchLoad
{
    internal const string Compressible = "compressible";
    internal const string Random = "random";

    private const int FullKeys = 20_000;
    private const int ValueLength = 100;

    // More than a block of LevelDB holds, so that no value stands twice in what is compressed together.
    private const int RandomValues = 1 << 12;
    private const int RandomBytes = 1 << 24;

    private readonly double _scale;
    private readonly byte[][] _values;

    internal BenchLoad(double scale, string values)
    {
        _scale = scale;
        Keys = Math.Max(100, (int)Math.Round(FullKeys * scale));
        Prefix = values == Random ? "random." : "";
        _values = values == Random ? CreateRandom(ValueLength) : [[.. Enumerable.Repeat((byte)'x', ValueLength)]];
    }

    // Random ones, of so many keys.
    internal BenchLoad(double keys, int valueLength = ValueLength)
    {
        Keys = Math.Max(4, (int)keys);
        Prefix = "";
        _values = CreateRandom(valueLength);
    }

    internal int Keys { get; }

    // What stands before the names of figures: nothing where values are those of docs/benchmarks/bench.js, for one is divided by the other.
    internal string Prefix { get; }

    internal byte[] Value(int i) => _values[i % _values.Length];

    internal byte[] Key(int i)
    {
        byte[] key = new byte[13];
        "key"u8.CopyTo(key);
        (i % Keys).TryFormat(key.AsSpan(3), out _, "D10", CultureInfo.InvariantCulture);
        return key;
    }

    // Rounds of what takes long: fewer at a small scale, never more.
    internal int Rounds(int full) => Math.Clamp((int)Math.Round(full * _scale), 1, full);

    private static byte[][] CreateRandom(int length)
    {
        // The same ones in every run.
        System.Random random = new(1);
        byte[][] values = new byte[Math.Clamp(RandomBytes / length, 1, RandomValues)][];
        foreach (ref byte[] value in values.AsSpan())
        {
            value = new byte[length];
            random.NextBytes(value);
        }

        return values;
    }
}

using System.Globalization;

namespace Rave.Cli.Bench;

// The entries of a run: 13-byte keys, and values of 100 bytes unless stated otherwise.
internal sealed class BenchLoad
{
    internal const string Compressible = "compressible";
    internal const string Random = "random";

    private const int FullKeys = 20_000;
    private const int ValueLength = 100;

    // More values than a LevelDB block holds. LevelDB compresses block by block, so a repeated value would compress well.
    private const int RandomValues = 1 << 12;
    private const int RandomBytes = 1 << 24;

    private readonly double _scale;
    private readonly byte[][] _values;

    internal BenchLoad(double scale, string values)
    {
        _scale = scale;
        Keys = Part(FullKeys);
        Prefix = values == Random ? "random." : "";
        _values = values == Random ? CreateRandom(ValueLength) : [[.. Enumerable.Repeat((byte)'x', ValueLength)]];
    }

    // Random values of the given length.
    internal BenchLoad(double keys, int valueLength = ValueLength)
    {
        Keys = Math.Max(4, (int)keys);
        Prefix = "";
        _values = CreateRandom(valueLength);
    }

    internal int Keys { get; }

    // The prefix of figure names. It is empty for compressible values: docs/benchmarks/bench.js uses the same values,
    // and its figures are compared by name.
    internal string Prefix { get; }

    internal byte[] Value(int i) => _values[i % _values.Length];

    internal byte[] Key(int i)
    {
        byte[] key = new byte[13];
        "key"u8.CopyTo(key);
        (i % Keys).TryFormat(key.AsSpan(3), out _, "D10", CultureInfo.InvariantCulture);
        return key;
    }

    // Operations or entries of a full run, at the scale of this one.
    internal int Part(int full) => Math.Max(100, (int)Math.Round(full * _scale));

    // Rounds of a slow measurement: fewer at a small scale, but never more than in a full run.
    internal int Rounds(int full) => Math.Clamp((int)Math.Round(full * _scale), 1, full);

    private static byte[][] CreateRandom(int length)
    {
        // A fixed seed: every run uses the same values.
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

using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Rave.Cli.Bench;

// The results in the order of measuring: operations per second, or the unit at the end of the name (us, ms, MB).
internal sealed class Figures
{
    private readonly OrderedDictionary<string, double> _values = [];

    internal double this[string name]
    {
        set => _values[name] = Math.Round(value, Digits(name));
    }

    internal string ToJson()
    {
        using MemoryStream json = new();
        using (Utf8JsonWriter writer = new(json, new() { Indented = true, IndentSize = 1 }))
        {
            writer.WriteStartObject();
            foreach ((string name, double value) in _values)
            {
                writer.WriteNumber(name, value);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(json.GetBuffer(), 0, (int)json.Length);
    }

    internal void AddJson(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        foreach (JsonProperty figure in document.RootElement.EnumerateObject())
        {
            _values[figure.Name] = figure.Value.GetDouble();
        }
    }

    internal string ToTable()
    {
        int width = _values.Keys.Max(name => name.Length);
        return string.Join('\n', _values.Select(figure => Row(figure.Key, figure.Value, width)));
    }

    private static string Row(string name, double value, int width)
    {
        string number = value.ToString($"N{Digits(name)}", CultureInfo.InvariantCulture);
        return $"{name.PadRight(width)}  {number,12} {Unit(name)}";
    }

    private static int Digits(string name) => Unit(name) switch { "µs" => 2, "ms" => 1, _ => 0 };

    private static string Unit(string name) =>
        name.EndsWith("us", StringComparison.Ordinal) ? "µs"
        : name.EndsWith("ms", StringComparison.Ordinal) ? "ms"
        : name.EndsWith("MB", StringComparison.Ordinal) ? "MB"
        : "ops/s";
}

using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Rave.Cli.Bench;

// What was measured, in the order of measuring: operations a second, or what the end of a name says (us, ms, MB).
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
        IEnumerable<string> rows = _values.Select(figure => string.Create(
            CultureInfo.InvariantCulture, $"{figure.Key.PadRight(width)}  {figure.Value.ToString($"N{Digits(figure.Key)}", CultureInfo.InvariantCulture),12} {Unit(figure.Key)}"));
        return string.Join('\n', rows);
    }

    private static int Digits(string name) => Unit(name) switch { "µs" => 2, "ms" => 1, _ => 0 };

    private static string Unit(string name) =>
        name.EndsWith("us", StringComparison.Ordinal) ? "µs"
        : name.EndsWith("ms", StringComparison.Ordinal) ? "ms"
        : name.EndsWith("MB", StringComparison.Ordinal) ? "MB"
        : "ops/s";
}

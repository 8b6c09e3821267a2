using System.Globalization;
using System.Text.RegularExpressions;

namespace Rave.Tests.Metrics;

// A family of samples, as # TYPE declares it.
internal sealed record Family(string Name, string Type, List<PrometheusSample> Samples);

internal sealed record PrometheusSample(string Name, IReadOnlyDictionary<string, string> Labels, double Value);

// Reads Prometheus' text format 0.0.4. It refuses invalid text, and text against the conventions.
internal static partial class PrometheusParser
{
    internal static Dictionary<string, Family> Parse(string text)
    {
        text.ShouldEndWith("\n");
        Dictionary<string, Family> families = [];
        string? helped = null;
        Family? current = null;
        foreach (string line in text[..^1].Split('\n'))
        {
            if (Help().Match(line) is { Success: true } help)
            {
                helped = help.Groups["name"].Value;
                families.ShouldNotContainKey(helped);
                Unescaped(help.Groups["text"].Value, "\\n").ShouldNotBeEmpty();
            }
            else if (Type().Match(line) is { Success: true } type)
            {
                type.Groups["name"].Value.ShouldBe(helped, "HELP stands before TYPE, and both before the samples");
                current = new(helped!, type.Groups["type"].Value, []);
                families.Add(current.Name, current);
            }
            else
            {
                PrometheusSample sample = ReadSample(line);
                current.ShouldNotBeNull(line);
                FamilyOf(sample.Name, current.Type).ShouldBe(current.Name, line);
                current.Samples.ShouldNotContain(other => IsSameSeries(other, sample), line);
                current.Samples.Add(sample);
            }
        }

        foreach (Family family in families.Values)
        {
            Check(family);
        }

        return families;
    }

    private static PrometheusSample ReadSample(string line)
    {
        Match match = Sample().Match(line);
        match.Success.ShouldBeTrue($"no sample: '{line}'");
        Dictionary<string, string> labels = [];
        for (int i = 0; i < match.Groups["label"].Captures.Count; i++)
        {
            labels.Add(match.Groups["label"].Captures[i].Value, Unescaped(match.Groups["text"].Captures[i].Value, "\\n\""));
        }

        return new(match.Groups["name"].Value, labels, Number(match.Groups["value"].Value));
    }

    private static double Number(string text) =>
        text == "+Inf" ? double.PositiveInfinity : double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    // Only these characters may follow a backslash.
    private static string Unescaped(string text, string escapable) => Regex.Replace(text, @"\\(.?)", match =>
    {
        escapable.ShouldContain(match.Groups[1].Value);
        return match.Groups[1].Value == "n" ? "\n" : match.Groups[1].Value;
    });

    private static string FamilyOf(string name, string type) => type == "histogram" ? HistogramSuffix().Replace(name, "") : name;

    private static bool IsSameSeries(PrometheusSample one, PrometheusSample other) =>
        one.Name == other.Name && one.Labels.Count == other.Labels.Count
            && one.Labels.All(label => other.Labels.GetValueOrDefault(label.Key) == label.Value);

    private static void Check(Family family)
    {
        if (family.Type == "counter")
        {
            family.Name.ShouldEndWith("_total");
            family.Samples.ShouldAllBe(sample => sample.Value >= 0);
        }
        else
        {
            family.Name.ShouldNotEndWith("_total");
        }

        if (family.Type == "histogram")
        {
            foreach (IGrouping<string, PrometheusSample> series in family.Samples.GroupBy(Series))
            {
                CheckHistogram(family.Name, [.. series]);
            }
        }
    }

    private static void CheckHistogram(string name, PrometheusSample[] series)
    {
        PrometheusSample[] buckets = [.. series.Where(sample => sample.Name == name + "_bucket")];
        double[] bounds = [.. buckets.Select(bucket => Number(bucket.Labels["le"]))];
        bounds.ShouldBe(bounds.Order().Distinct(), "buckets stand in the order of their bounds");
        bounds[^1].ShouldBe(double.PositiveInfinity);
        buckets.Select(bucket => bucket.Value).ShouldBeInOrder(SortDirection.Ascending, "buckets are cumulative");
        series.Single(sample => sample.Name == name + "_count").Value.ShouldBe(buckets[^1].Value);
        series.Single(sample => sample.Name == name + "_sum").Value.ShouldBeGreaterThanOrEqualTo(0);
    }

    private static string Series(PrometheusSample sample) =>
        string.Join(',', sample.Labels.Where(label => label.Key != "le").OrderBy(label => label.Key).Select(label =>
            $"{label.Key}={label.Value}"));

    [GeneratedRegex(@"^# HELP (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<text>.+)$")]
    private static partial Regex Help();

    [GeneratedRegex(@"^# TYPE (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<type>counter|gauge|histogram)$")]
    private static partial Regex Type();

    [GeneratedRegex(
        """^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?<label>[a-zA-Z_][a-zA-Z0-9_]*)="(?<text>([^"\\]|\\.)*)"""
        + "\""
        + """(,(?<label>[a-zA-Z_][a-zA-Z0-9_]*)="(?<text>([^"\\]|\\.)*)")*\})? (?<value>\S+)$""")]
    private static partial Regex Sample();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex HistogramSuffix();
}

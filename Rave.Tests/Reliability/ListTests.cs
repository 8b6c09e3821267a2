using System.Text.RegularExpressions;
using Rave.Tests.Harness;

namespace Rave.Tests.Reliability;

// docs/reliability.md names the test class for each fault. All these classes must exist. Test methods may be renamed freely.
public sealed partial class ListTests
{
    private static readonly string Page = File.ReadAllText(Repository.PathOf("docs/reliability.md"));

    [Fact]
    public void The_list_has_every_number() => Row().Matches(Page[Page.IndexOf("## The list", StringComparison.Ordinal)..])
        .Select(row => int.Parse(row.Groups[1].Value)).ShouldBe(Enumerable.Range(1, 46));

    [Fact]
    public void Every_class_that_the_page_names_exists()
    {
        HashSet<string?> classes = [.. typeof(ListTests).Assembly.GetTypes().SelectMany(type => new[] { type.Name, type.FullName })];
        string[] named = [.. Name().Matches(Page).Select(match => match.Value).Distinct()];
        named.Length.ShouldBeGreaterThan(50);
        named.Where(name => !classes.Contains(name)).ShouldBeEmpty();
    }

    [GeneratedRegex(@"^\| (\d+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"\b(Rave\.Tests\.\w+\.)?\w+Tests\b(?!/)")]
    private static partial Regex Name();
}

using System.Text.RegularExpressions;
using Rave.Tests.Harness;

namespace Rave.Tests.Reliability;

// docs/reliability.md says which test holds what: each of them is there.
public sealed partial class ListTests
{
    [Fact]
    public void Every_number_of_the_list_is_there_and_every_test_that_it_names()
    {
        string[] lines = [.. File.ReadLines(Repository.PathOf("docs/reliability.md")).SkipWhile(line => line != "## The list").Where(line => Row().IsMatch(line))];
        lines.Select(line => int.Parse(Row().Match(line).Groups[1].Value)).ShouldBe(Enumerable.Range(1, 46));
        HashSet<string> tests = [.. typeof(ListTests).Assembly.GetTypes().SelectMany(type => type.GetMethods().Select(method => $"{type.Name}.{method.Name}"))];
        Name().Matches(string.Join('\n', lines)).Select(match => match.Groups[1].Value).Where(name => !tests.Contains(name)).ShouldBeEmpty();
    }

    [GeneratedRegex(@"^\| (\d+) \|")]
    private static partial Regex Row();

    [GeneratedRegex(@"`(\w+Tests\.\w+)`")]
    private static partial Regex Name();
}

using System.Reflection;
using System.Text.RegularExpressions;
using Rave.Tests.Endpoints;
using Rave.Tests.Harness;

namespace Rave.Tests.Etcd;

// The list of what differs on etcd is that of the page, and each of it is asserted.
public sealed partial class DifferenceTests
{
    private static readonly Type[] Types = typeof(DifferenceTests).Assembly.GetTypes();

    [Fact]
    public void The_page_lists_the_same_differences()
    {
        string page = File.ReadAllText(Repository.PathOf("docs/etcd.md"));
        string section = page[page.IndexOf("## What differs from LevelDB", StringComparison.Ordinal)..];
        section = section[..section.IndexOf("\n## ", StringComparison.Ordinal)];
        Row().Matches(section).Select(row => row.Groups[1].Value).Skip(1).ShouldBe(Differences.Reasons.Keys, ignoreOrder: true);
    }

    [Fact]
    public void Each_difference_is_asserted_by_a_test()
    {
        IEnumerable<MemberInfo> members = Types.SelectMany(type => type.GetMembers(Declared).Append(type));
        members.Select(member => member.GetCustomAttribute<DiffersAttribute>(inherit: false)?.Difference).OfType<string>().Distinct()
            .ShouldBe(Differences.Reasons.Keys, ignoreOrder: true);
    }

    [Fact]
    public void A_test_of_the_contract_is_another_one_at_a_gateway_only_because_of_a_difference() =>
        Types.Where(type => type.Name == nameof(PageTests.OnEtcd)).SelectMany(type => type.GetMethods(Declared))
            .Where(method => method.GetBaseDefinition() != method && method.GetCustomAttribute<DiffersAttribute>(inherit: false) is null)
            .Select(method => $"{method.DeclaringType}.{method.Name}").ShouldBeEmpty();

    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    // Its first cell. The first row is the head.
    [GeneratedRegex(@"^\| (\S[^|]*?) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}

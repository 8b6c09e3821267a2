using System.Reflection;
using System.Xml.Linq;
using Rave.Client;

namespace Rave.Tests.Approved;

// Checks the documentation that editors show for the public surface.
public sealed class DocumentationTests
{
    // A call that cannot fail documents no exception.
    private static readonly string[] NeverFail = ["DisposeAsync", "CloseAsync"];

    [Fact]
    public void Every_method_documents_its_result_and_asynchronous_ones_their_exceptions()
    {
        XDocument documentation = XDocument.Load(Path.Combine(AppContext.BaseDirectory, "Rave.Client.xml"));
        ILookup<string, XElement> members = documentation.Descendants("member")
            .ToLookup(member => NameOf((string)member.Attribute("name")!));
        List<string> silent = [];
        int documented = 0;
        foreach (MethodInfo method in typeof(RaveLevel).Assembly.GetExportedTypes().SelectMany(Methods))
        {
            // Members that the compiler adds to records have no documentation.
            foreach (XElement member in members[$"M:{method.DeclaringType!.FullName}.{method.Name}"]
                .Where(member => member.Element("inheritdoc") is null))
            {
                documented++;
                if (method.ReturnType != typeof(void) && member.Element("returns") is not { IsEmpty: false })
                {
                    silent.Add($"{member.Attribute("name")}: returns");
                }

                if (IsAwaited(method.ReturnType) && !NeverFail.Contains(method.Name)
                    && member.Element("exception") is not { IsEmpty: false })
                {
                    silent.Add($"{member.Attribute("name")}: exception");
                }
            }
        }

        silent.ShouldBeEmpty();
        documented.ShouldBeGreaterThan(60);
    }

    private static MethodInfo[] Methods(Type type) =>
        type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly);

    private static bool IsAwaited(Type type) => type.Name.StartsWith("Task", StringComparison.Ordinal)
        || type.Name.StartsWith("ValueTask", StringComparison.Ordinal)
        || type.Name.StartsWith("IAsyncEnumerable", StringComparison.Ordinal);

    // Without parameters and type parameters.
    private static string NameOf(string id)
    {
        string name = id.Split('(', '~')[0];
        int generic = name.IndexOf("``", StringComparison.Ordinal);
        return generic < 0 ? name : name[..generic];
    }
}

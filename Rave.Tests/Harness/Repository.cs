namespace Rave.Tests.Harness;

// The checkout that these tests were built from.
internal static class Repository
{
    internal static string Root { get; } = Find(AppContext.BaseDirectory);

    internal static string PathOf(string name) => Path.Combine(Root, name);

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "RaveLevel.sln")) ? folder : Find(Path.GetDirectoryName(folder)!);
}

using System.Reflection;
using Microsoft.Extensions.Caching.Distributed;
using Rave.Client;
using Rave.Client.Hosting;
using Rave.Tests.Harness;

namespace Rave.Tests.Client;

// Finds all members with a token by reflection, so that a new member is tested too.
public sealed class EveryCallTests(Subjects subjects) : IClassFixture<Subjects>, IDisposable
{
    private static readonly CancellationToken Cancelled = new(canceled: true);

    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory, EverySubject]
    public async Task Every_call_that_is_given_a_cancelled_token_throws_and_does_nothing(Subject subject)
    {
        AbstractLevel<string, string> level = await subjects.EmptyAsync(subject, "a", "b");
        long? epoch = subjects.HandleOf(subject).LeaderInfo?.Epoch;
        List<string> asked = [];
        foreach ((object? target, MethodInfo method) in Calls(level, subject))
        {
            string name = $"{method.DeclaringType!.Name}.{method.Name}";
            asked.Add(method.Name);
            OperationCanceledException? failure = await Should.ThrowAsync<OperationCanceledException>(() =>
                CallAsync(target, method).Soon(), name);
            failure.CancellationToken.ShouldBe(Cancelled, name);
        }

        asked.Count.ShouldBeGreaterThan(30, "there is a member for each operation");
        (await level.Iterate().ToArrayAsync()).ShouldBe([new("a", Subjects.Value("a")), new("b", Subjects.Value("b"))]);
        (subjects.HandleOf(subject).LeaderInfo?.Epoch).ShouldBe(epoch);
        Directory.GetFileSystemEntries(_directory.Path).ShouldBeEmpty("a cancelled call creates nothing");
    }

    // The test above can create every type of the library that has a call with a token.
    [Fact]
    public void Every_type_with_such_calls_is_tested()
    {
        Type[] known = [typeof(AbstractLevel<,>), typeof(RaveLevel<,>), typeof(RaveLevel), typeof(WriteBatch<,>), typeof(RangeIterator<,>)];
        typeof(RaveLevel).Assembly.GetExportedTypes()
            .Where(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
                .Any(TakesToken))
            .ShouldBe(known, ignoreOrder: true);
    }

    private static bool TakesToken(MethodInfo method) =>
        method.GetParameters().Any(parameter => parameter.ParameterType == typeof(CancellationToken));

    private IEnumerable<(object? Target, MethodInfo Method)> Calls(AbstractLevel<string, string> level, Subject subject)
    {
        RaveLevel handle = subjects.HandleOf(subject);
        IEnumerable<object> targets =
        [
            level, handle, level.Batch().Put("a", "1"), level.Iterator(),
        ];
        foreach (object target in targets)
        {
            foreach (MethodInfo method in target.GetType().GetMethods(BindingFlags.Public | BindingFlags.Instance).Where(TakesToken))
            {
                yield return (target, method);
            }
        }

        foreach (MethodInfo method in typeof(RaveLevel).GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Where(TakesToken))
        {
            yield return (null, method.IsGenericMethodDefinition ? method.MakeGenericMethod(typeof(string), typeof(string)) : method);
        }

        LevelCache cache = new(handle, "cache", TimeProvider.System);
        foreach (MethodInfo method in typeof(IDistributedCache).GetMethods().Where(TakesToken))
        {
            yield return (cache, method);
        }
    }

    private async Task CallAsync(object? target, MethodInfo method)
    {
        object? result;
        try
        {
            result = method.Invoke(target, [.. method.GetParameters().Select(Argument)]);
        }
        catch (TargetInvocationException thrown)
        {
            throw thrown.InnerException!;
        }

        await (result switch
        {
            Task task => task,
            ValueTask task => task.AsTask(),
            _ when result!.GetType().GetMethod("AsTask") is { } asTask => (Task)asTask.Invoke(result, null)!,
            IAsyncEnumerable<KeyValuePair<string, string>> entries => entries.ToArrayAsync().AsTask(),
            IAsyncEnumerable<string> items => items.ToArrayAsync().AsTask(),
            IAsyncEnumerable<Change<string, string>> changes => changes.FirstAsync().AsTask(),
            _ => throw new InvalidOperationException($"{method.Name} returns {result.GetType()}, which this test cannot wait for."),
        });
    }

    private object? Argument(ParameterInfo parameter) => parameter.ParameterType switch
    {
        var type when type == typeof(CancellationToken) => Cancelled,
        var type when type == typeof(string) => parameter.Name == "location" ? _directory["db"] : "a",
        var type when type == typeof(int) => 10,
        var type when type == typeof(Condition) => Condition.Exists,
        var type when type == typeof(byte[]) => Array.Empty<byte>(),
        var type when type == typeof(IEnumerable<string>) => new[] { "a" },
        var type when type == typeof(IEnumerable<BatchOperation<string, string>>) => new[] { BatchOperation.Delete<string, string>("a") },
        var type when type == typeof(IEncoding<string>) => Encodings.Utf8,
        var type when type == typeof(DistributedCacheEntryOptions) => new DistributedCacheEntryOptions(),
        { IsValueType: true } type => Activator.CreateInstance(type),
        _ => null,
    };
}

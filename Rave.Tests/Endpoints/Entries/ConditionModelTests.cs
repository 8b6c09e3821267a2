using System.Text;
using Rave.Tests.Harness;

namespace Rave.Tests.Endpoints;

// Compares random conditional reads and writes with a dictionary that evaluates the conditions by the contract.
public abstract class ConditionModelTests(HttpSubject subject, ITestOutputHelper output)
{
    public sealed class OnLevelDb(SharedLeader leader, ITestOutputHelper output)
        : ConditionModelTests(leader, output), IClassFixture<SharedLeader>;

    public sealed class OnEtcd(SharedGateway gateway, ITestOutputHelper output)
        : ConditionModelTests(gateway, output), IClassFixture<SharedGateway>;

    private static readonly int Steps = Machine.RunsLong ? 100_000 : 5000;

    // Few keys and values, so that about half of the conditions hold.
    private static readonly string[] Keys = ["a", "b", "c"];
    private static readonly string[] Values = ["", "1", "2"];

    private readonly Dictionary<string, string> _model = [];

    [Fact]
    public async Task Conditions_hold_exactly_as_in_a_dictionary()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        Dictionary<int, int> statuses = [];
        for (int step = 0; step < Steps; step++)
        {
            try
            {
                int status = await StepAsync(random);
                statuses[status] = statuses.GetValueOrDefault(status) + 1;
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"seed {seed}, step {step}: {failure.Message}", failure);
            }
        }

        output.WriteLine(string.Join(", ", statuses.Select(pair => $"{pair.Value} x {pair.Key}")));
        (await subject.GetAsync("/v1/entries"))
            .Entries.ToDictionary(entry => entry.GetProperty("key").GetString()!, entry => entry.GetProperty("value").GetString()!)
            .ShouldBe(_model, ignoreOrder: true);
    }

    private Task<int> StepAsync(Random random) => random.Next(4) switch
    {
        0 => GetAsync(random),
        1 => PutAsync(random),
        2 => DeleteAsync(random),
        _ => BatchAsync(random),
    };

    private async Task<int> GetAsync(Random random)
    {
        string key = Any(random, Keys);
        (bool match, bool noneMatch, (string, string)[] headers) = Conditions(random, key);
        Answer got = await subject.GetAsync("/v1/kv/" + key, headers);
        bool found = _model.TryGetValue(key, out string? value);
        got.Status.ShouldBe(!match ? 412 : !found ? 404 : noneMatch ? 200 : 304);
        if (got.Status == 200)
        {
            got.Text.ShouldBe(value);
        }

        return got.Status;
    }

    private async Task<int> PutAsync(Random random)
    {
        string key = Any(random, Keys);
        string value = Any(random, Values);
        (bool match, bool noneMatch, (string, string)[] headers) = Conditions(random, key);
        int status = (await subject.PutAsync("/v1/kv/" + key, value, headers)).Status;
        status.ShouldBe(match && noneMatch ? 204 : 412);
        if (status == 204)
        {
            _model[key] = value;
        }

        return status;
    }

    private async Task<int> DeleteAsync(Random random)
    {
        string key = Any(random, Keys);
        (bool match, bool noneMatch, (string, string)[] headers) = Conditions(random, key);
        int status = (await subject.DeleteAsync("/v1/kv/" + key, headers)).Status;
        status.ShouldBe(match && noneMatch ? 204 : 412);
        if (status == 204)
        {
            _model.Remove(key);
        }

        return status;
    }

    private async Task<int> BatchAsync(Random random)
    {
        Dictionary<string, string> after = new(_model);
        List<string> operations = [];
        bool holds = true;
        for (int i = random.Next(5); i > 0; i--)
        {
            string key = Any(random, Keys);
            string value = Any(random, Values);
            string? stored = _model.GetValueOrDefault(key);
            switch (random.Next(4))
            {
                case 0:
                    operations.Add($$"""{"type":"put","key":"{{key}}","value":"{{value}}"}""");
                    after[key] = value;
                    break;
                case 1:
                    operations.Add($$"""{"type":"del","key":"{{key}}"}""");
                    after.Remove(key);
                    break;
                case 2:
                    bool exists = random.Next(2) == 0;
                    operations.Add($$"""{"type":"check","key":"{{key}}","exists":{{(exists ? "true" : "false")}}}""");
                    holds &= exists == (stored is not null);
                    break;
                default:
                    operations.Add($$"""{"type":"check","key":"{{key}}","etag":"{{Tags.Of(value).InJson()}}"}""");
                    holds &= stored == value;
                    break;
            }
        }

        int status = (await subject.PostJsonAsync("/v1/batch", $"[{string.Join(',', operations)}]")).Status;
        status.ShouldBe(holds ? 204 : 412, string.Join(',', operations));
        if (holds)
        {
            _model.Clear();
            foreach ((string key, string value) in after)
            {
                _model[key] = value;
            }
        }

        return status;
    }

    private (bool Match, bool NoneMatch, (string Name, string Value)[] Headers) Conditions(Random random, string key)
    {
        List<(string, string)> headers = [];
        bool match = true;
        bool noneMatch = true;
        string? stored = _model.GetValueOrDefault(key);
        if (random.Next(2) == 0)
        {
            (string text, string[] strong, _) = Header(random);
            headers.Add(("If-Match", text));
            match = stored is not null && (text == "*" || strong.Contains(stored));
        }

        if (random.Next(2) == 0)
        {
            (string text, _, string[] weakOrStrong) = Header(random);
            headers.Add(("If-None-Match", text));
            noneMatch = stored is null || (text != "*" && !weakOrStrong.Contains(stored));
        }

        return (match, noneMatch, [.. headers]);
    }

    // A header's text, the values that its strong tags name, and those that any of its tags name.
    private static (string Text, string[] Strong, string[] Any) Header(Random random)
    {
        if (random.Next(3) == 0)
        {
            return ("*", [], []);
        }

        StringBuilder text = new();
        List<string> strong = [];
        List<string> any = [];
        for (int i = random.Next(1, 3); i > 0; i--)
        {
            string value = Any(random, Values);
            bool weak = random.Next(4) == 0;
            text.Append(text.Length == 0 ? "" : ", ").Append(weak ? "W/" : "").Append(Tags.Of(value));
            any.Add(value);
            if (!weak)
            {
                strong.Add(value);
            }
        }

        return (text.ToString(), [.. strong], [.. any]);
    }

    private static string Any(Random random, string[] of) => of[random.Next(of.Length)];
}

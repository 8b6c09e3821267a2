using System.Diagnostics;

namespace Rave.Client.Telemetry;

// The spans of operations, in the ActivitySource RaveLevel (OpenTelemetry: AddSource("RaveLevel")).
internal static class Tracing
{
    internal const string SourceName = "RaveLevel";

    private static readonly ActivitySource Source = new(SourceName, typeof(Tracing).Assembly.GetName().Version?.ToString(3));

    internal static bool IsOn => Source.HasListeners();

    // The span of the current operation, if it has one.
    internal static Activity? Current => IsOn && Activity.Current is { } span && ReferenceEquals(span.Source, Source) ? span : null;

    internal static Activity? Start(string operation, TagList tags) =>
        Source.StartActivity($"rave.{operation}", ActivityKind.Client, parentContext: default, tags);

    // A lane may run an operation inside another one. The span of the right one becomes current.
    internal static void Continue(Activity? span)
    {
        if (span is not null)
        {
            Activity.Current = span;
        }
    }

    // Each operation of a request has lost its leader. It is sent again, or fails.
    internal static void NoteLoss(IEnumerable<Activity?> spans, LeaderInfo leader, int lost)
    {
        foreach (Activity? span in spans)
        {
            ActivityTagsCollection tags = new() { { "rave.leader.pid", leader.Pid }, { "rave.leader.epoch", leader.Epoch } };
            span?.AddEvent(new("rave.leader.lost", tags: tags));
            span?.SetTag("rave.leaders.lost", lost);
        }
    }
}

using System.Reflection;

namespace Rave.Server.Platform;

internal static class RootCause
{
    // The actual failure. These exceptions only wrap it.
    internal static Exception Root(this Exception failure) =>
        failure is TypeInitializationException or TargetInvocationException or AggregateException && failure.InnerException is { } cause
            ? cause.Root()
            : failure;
}

using System.Reflection;

namespace Rave.Server.Platform;

internal static class RootCause
{
    // What really happened: these say only where it did.
    internal static Exception Root(this Exception failure) =>
        failure is TypeInitializationException or TargetInvocationException or AggregateException && failure.InnerException is { } cause ? cause.Root() : failure;
}

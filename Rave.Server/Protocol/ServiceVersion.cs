using System.Reflection;

namespace Rave.Server.Protocol;

internal static class ServiceVersion
{
    internal static readonly string Text = typeof(ServiceVersion).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}

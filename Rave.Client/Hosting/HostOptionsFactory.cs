using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Rave.Client.Hosting;

// Options begin with the logger factory and the clock of the host. Everything that configures them comes after and can replace both.
internal sealed class HostOptionsFactory(
    IServiceProvider provider,
    IEnumerable<IConfigureOptions<RaveOptions>> setups,
    IEnumerable<IPostConfigureOptions<RaveOptions>> postConfigures,
    IEnumerable<IValidateOptions<RaveOptions>> validations)
    : OptionsFactory<RaveOptions>(setups, postConfigures, validations)
{
    protected override RaveOptions CreateInstance(string name) => new()
    {
        LoggerFactory = provider.GetService<ILoggerFactory>(),
        TimeProvider = provider.GetService<TimeProvider>() ?? TimeProvider.System,
    };
}

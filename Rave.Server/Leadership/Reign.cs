using Rave.Server.Contracts;

namespace Rave.Server.Leadership;

// One leader's time, as this process sees it: its own, or one that it follows.
internal sealed record Reign(LeaderInfo Info, Leader? Own, long Since)
{
    internal bool IsOwn => Own is not null;
}

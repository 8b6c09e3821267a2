namespace Rave.Server.Engine;

// Sessions that are forgotten; where only those are meant that nobody uses, one that was used meanwhile is kept.
internal sealed record SessionEnd(IReadOnlyList<string> Sessions, bool OnlyUnused);

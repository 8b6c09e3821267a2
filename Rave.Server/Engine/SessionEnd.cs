namespace Rave.Server.Engine;

// Sessions to forget. With OnlyUnused, a session that was used meanwhile is kept.
internal sealed record SessionEnd(IReadOnlyList<string> Sessions, bool OnlyUnused);

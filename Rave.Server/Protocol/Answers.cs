namespace Rave.Server.Protocol;

// The small answers, as JSON.
internal sealed record CountAnswer(long Count);

internal sealed record SizeAnswer(long Bytes);

internal sealed record HasManyAnswer(bool[] Found);

internal sealed record LoadAnswer(long Written);

internal sealed record SnapshotAnswer(string Id, DateTimeOffset ExpiresAt);

using Rave.Etcd.Wire;

namespace Rave.Etcd.Clears;

// A transaction of a clear: what it deletes, on which condition, the last of the keys where more follow, and how many they are.
internal sealed record ClearStep(IReadOnlyList<RequestOp> Deletes, Compare? Condition, byte[]? LastKey, int Keys);

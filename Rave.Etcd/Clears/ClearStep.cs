using Rave.Etcd.Wire;

namespace Rave.Etcd.Clears;

// One transaction of a clear: its deletes and their condition, the last key (null in the last step), and the number of keys.
internal sealed record ClearStep(IReadOnlyList<RequestOp> Deletes, Compare? Condition, byte[]? LastKey, int Keys);

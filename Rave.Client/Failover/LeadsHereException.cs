namespace Rave.Client.Failover;

// This process has become the leader, and nothing of the operation is in flight. The store of this process must execute it.
internal sealed class LeadsHereException() : Exception("This process leads.");

namespace Rave.Client.Failover;

// This process itself has come to lead, and nothing of the operation is on its way to anybody: it is for the store of this process.
internal sealed class LeadsHereException() : Exception("This process leads.");

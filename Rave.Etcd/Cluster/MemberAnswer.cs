using Rave.Etcd.Location;
using Rave.Etcd.Wire;

namespace Rave.Etcd.Cluster;

// What one member has told about itself and the alarms of the cluster. Alarms need a majority, so they may be missing alone.
internal sealed record MemberAnswer(EtcdHost Host, StatusResponse? Status, AlarmResponse? Alarms, string? Failure);

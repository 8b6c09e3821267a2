#!/bin/sh
# Three members of etcd on this machine, with the flags that docs/etcd.md recommends. For a first look, and for tests.
#
#   docs/etcd/cluster.sh start <folder> [<first port>]   starts the members that do not run; prints the cluster's location
#   docs/etcd/cluster.sh stop <folder>                   ends them; what they have stored stays in the folder
#
# The members use six ports in a row, 23790 to 23795 by default: three for clients, three for each other. A folder keeps its ports.
# Process numbers are in <folder>/m1.pid to m3.pid, what the members say is in m1.log to m3.log. ETCD is the program, by default `etcd`.
# More flags can be set as etcd reads them: ETCD_MAX_TXN_OPS=1024 docs/etcd/cluster.sh start ./cluster
set -eu

usage() { sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2; exit 2; }

url() { echo "http://127.0.0.1:$((first + $1))"; }

# A number may belong to another process by now.
runs() { [ -f "m$1.pid" ] && ps -o args= -p "$(cat "m$1.pid")" | grep -qF -e "--data-dir $PWD/m$1"; }

launch() {
    nohup "${ETCD:-etcd}" --name "m$1" --data-dir "$PWD/m$1" \
        --listen-client-urls "$(url $(($1 - 1)))" --advertise-client-urls "$(url $(($1 - 1)))" \
        --listen-peer-urls "$(url $(($1 + 2)))" --initial-advertise-peer-urls "$(url $(($1 + 2)))" \
        --initial-cluster "m1=$(url 3),m2=$(url 4),m3=$(url 5)" --initial-cluster-token "rave-$first" \
        --auto-compaction-mode periodic --auto-compaction-retention 1h --quota-backend-bytes 8589934592 --pre-vote \
        --logger zap --log-outputs stderr --log-level warn >> "m$1.log" 2>&1 < /dev/null &
    echo $! > "m$1.pid"
}

start() {
    for member in 1 2 3; do runs $member || launch $member; done
    for member in 1 2 3; do
        until curl -s --max-time 5 "$(url $((member - 1)))/health" | grep -q '"true"'; do
            runs $member || { tail -n 3 "m$member.log" >&2; echo "Member m$member has ended: $PWD/m$member.log" >&2; exit 1; }
            sleep 0.1
        done
    done
    echo "etcd://127.0.0.1:$first,127.0.0.1:$((first + 1)),127.0.0.1:$((first + 2))"
}

# With SIGKILL: everything acknowledged is on disk. After SIGTERM, the last members look for a new leader for several seconds.
stop() {
    for member in 1 2 3; do
        if runs $member; then kill -9 "$(cat "m$member.pid")"; while runs $member; do sleep 0.1; done; fi
        rm -f "m$member.pid"
    done
}

[ $# -ge 2 ] || usage
case $1 in
    start) command -v "${ETCD:-etcd}" > /dev/null || { echo "etcd is not installed. On Debian: apt-get install etcd-server" >&2; exit 3; }
        mkdir -p "$2"; cd "$2"; [ -f ports ] || echo "${3:-23790}" > ports ;;
    stop) cd "$2" ;;
    *) usage ;;
esac
first=$(cat ports)
"$1"

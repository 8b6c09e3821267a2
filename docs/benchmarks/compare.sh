#!/usr/bin/env bash
# RaveLevel beside npm's rave-level, and beside Redis, LMDB and SQLite where they are installed:  docs/benchmarks/compare.sh [rounds]
#
# Needs the .NET SDK, node and npm; for LMDB and SQLite a C compiler and Debian's liblmdb-dev and libsqlite3-dev. In every round each part
# runs first with the one and then with the other, so that what else the machine does meets both; medians of the rounds are divided.
# Environment:
#   PARTS    which parts, by default: limits leader follower start failover redis lmdb sqlite busy
#            busy: limits, follower, redis, lmdb and sqlite once more while a loop keeps the first core busy
#   N        operations in flight 1 (20000); the other workloads do four times as many
#   VALUES   both: ours also with values that cannot be compressed; by default compressible, as the other side's
#   RESULTS  a folder to keep the figures of every run in; by default they are deleted
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
rounds=${1:-5}
parts=${PARTS:-limits leader follower start failover redis lmdb sqlite busy}
n=${N:-20000}
values=${VALUES:-compressible}

work=$(mktemp -d)
server=
loop=
kind=
cleanup() {
    for process in $server $loop; do kill "$process" 2> /dev/null && wait "$process" || true; done
    rm -rf "$work"
}
trap cleanup EXIT
results=${RESULTS:-$work/results}
mkdir -p "$results" "$work/tmp"
results=$(cd "$results" && pwd)
if [ -n "$(ls -A "$results")" ]; then echo "$results is not empty: figures of two comparisons do not mix." >&2; exit 2; fi

echo "Publishing rave and installing rave-level in $work ..." >&2
dotnet publish -c Release -v quiet -o "$work/rave" "$here/../../Rave.Cli" >&2
mkdir "$work/peer"
cp "$here/bench.js" "$work/peer/"
(cd "$work/peer" && npm install --silent --no-audit --no-fund rave-level@1.0.0 >&2)

# The other side leaves its databases where they are.
export TMPDIR=$work/tmp
scale=$(node -p "$n / 20000")

# The load average says whether the machine was quiet when this began.
cut -d' ' -f1-3 /proc/loadavg > "$results/load.txt" 2> /dev/null || uptime > "$results/load.txt"

# The names of the files are <side>-<part>-<round>, and begin with busy- where a core was kept busy.
ours() { "$work/rave/rave" bench "$1" --values "$values" --scale "$scale" --json > "$results/${kind}ours-$1-$round.json"; }

theirs() { N=$n node "$work/peer/bench.js" "$1" > "$results/${kind}peer-$1-$round.json"; }

# A database in the memory of its processes: lmdb or sqlite.
embedded() {
    if [ ! -x "$work/$1" ] && ! cc -O2 -o "$work/$1" "$here/$1.c" "-l${1/sqlite/sqlite3}" 2> "$work/cc.log"; then
        echo "No $1 with its headers here: left out." >&2
        return
    fi
    mkdir "$TMPDIR/$1"
    "$work/$1" "$TMPDIR/$1" "$n" > "$results/${kind}ours-$1-$round.json"
    rm -r "$TMPDIR/$1"
}

have_redis() { command -v redis-server > /dev/null && command -v redis-benchmark > /dev/null; }

# Writes to Redis are acknowledged from memory, and go nowhere. No pipelining: one request of each client at a time.
redis() {
    local socket=$work/redis.sock
    redis-server --port 0 --unixsocket "$socket" --save '' --appendonly no > "$work/redis.log" &
    server=$!
    until redis-cli -s "$socket" ping > /dev/null 2>&1; do
        kill -0 "$server" || { cat "$work/redis.log" >&2; exit 1; }
        sleep 0.1
    done
    for clients in 1 64; do
        redis-benchmark -s "$socket" -c "$clients" -n $((clients == 1 ? n : 4 * n)) -d 100 -r "$n" -t set,get --csv \
            > "$results/${kind}redis-$clients-$round.csv"
    done
    kill "$server"
    wait "$server" || true
    server=
}

# Each of them waits for the other process in every operation, and the scheduler has only one core left for both.
busy() {
    taskset -c 0 sh -c 'while :; do :; done' &
    loop=$!
    kind=busy-
    for part in limits follower redis lmdb sqlite; do run "$part"; done
    kind=
    kill "$loop"
    wait "$loop" || true
    loop=
}

run() {
    echo "Round $round of $rounds: $kind$1" >&2
    case $1 in
        busy) busy ;;
        limits) ours "$1" ;;
        redis) if have_redis; then redis; else echo "No Redis here: left out." >&2; fi ;;
        lmdb | sqlite) embedded "$1" ;;
        *) ours "$1"; theirs "$1" ;;
    esac
    find "$work/tmp" -mindepth 1 -delete
}

for ((round = 1; round <= rounds; round++)); do
    for part in $parts; do run "$part"; done
done

node "$here/ratios.js" "$results"

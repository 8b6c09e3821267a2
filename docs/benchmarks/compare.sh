#!/usr/bin/env bash
# RaveLevel beside npm's rave-level (and beside Redis, where it is installed) on this machine:  docs/benchmarks/compare.sh [rounds]
#
# Needs the .NET SDK, node and npm. In every round each part runs first with the one and then with the other, so that what else the machine does
# meets both; medians of the rounds are divided. Environment:
#   PARTS    which parts, by default: limits leader follower start failover redis
#   N        operations in flight 1 (20000); the other workloads do four times as many
#   VALUES   both: ours also with values that cannot be compressed; by default compressible, as the other side's
#   RESULTS  a folder to keep the figures of every run in; by default they are deleted
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
rounds=${1:-5}
parts=${PARTS:-limits leader follower start failover redis}
n=${N:-20000}
values=${VALUES:-compressible}

work=$(mktemp -d)
server=
cleanup() {
    if [ -n "$server" ]; then kill "$server" 2> /dev/null && wait "$server" || true; fi
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

ours() { "$work/rave/rave" bench "$1" --values "$values" --scale "$scale" --json > "$results/ours-$1-$round.json"; }

theirs() { N=$n node "$work/peer/bench.js" "$1" > "$results/peer-$1-$round.json"; }

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
        redis-benchmark -s "$socket" -c "$clients" -n $((clients == 1 ? n : 4 * n)) -d 100 -r "$n" -t set,get --csv > "$results/redis-$clients-$round.csv"
    done
    kill "$server"
    wait "$server" || true
    server=
}

for ((round = 1; round <= rounds; round++)); do
    for part in $parts; do
        echo "Round $round of $rounds: $part" >&2
        case $part in
            limits) ours "$part" ;;
            redis) if command -v redis-server > /dev/null && command -v redis-benchmark > /dev/null; then redis; else echo "No Redis here: left out." >&2; fi ;;
            *) ours "$part"; theirs "$part" ;;
        esac
        find "$work/tmp" -mindepth 1 -delete
    done
done

node "$here/ratios.js" "$results"

'use strict'
// Reads the figures that compare.sh has gathered, divides medians, and prints tables beside what is aimed at:  node ratios.js <folder>
const fs = require('fs')
const os = require('os')
const path = require('path')
const { execFileSync } = require('child_process')

const atLeast = n => ({ text: `≥ ${n}`, met: ratio => ratio >= n })
const atMost = n => ({ text: `≤ ${n}`, met: ratio => ratio <= n })

// Ours divided by rave-level's: operations a second, and then milliseconds and megabytes.
const TARGETS = {
  'leader.put.1': atLeast(20),
  'leader.get.1': atLeast(35),
  'leader.put.64': atLeast(3),
  'leader.get.64': atLeast(8),
  'leader.batch100': atLeast(2.5),
  'leader.getMany100': atLeast(4),
  'leader.iterate': atLeast(6),
  'follower.put.1': atLeast(2.5),
  'follower.get.1': atLeast(2.7),
  'follower.put.16': atLeast(5),
  'follower.get.16': atLeast(6),
  'follower.put.64': atLeast(7),
  'follower.get.64': atLeast(9),
  'follower.put.256': atLeast(13),
  'follower.get.256': atLeast(13),
  'follower.batch100': atLeast(3),
  'follower.getMany100': atLeast(4),
  'follower.iterate': atLeast(8),
  'failover.1.p50ms': atMost(1),
  'failover.10.p50ms': atMost(0.25),
  'leader.rssMB': atMost(1),
  'follower.rssMB': atMost(1),
  'start.follower.p50ms': atMost(1)
}

// Ours divided by what LevelDB alone, or a bare socket, does in the same run.
const LIMITS = [
  ['follower.get.1.p50us', 'limits.pingpong.p50us', atMost(1.6)],
  ['follower.put.256', 'limits.leveldb.put', atLeast(1)],
  ['follower.iterate', 'limits.leveldb.iterate', atLeast(0.5)],
  ['leader.put.1', 'limits.leveldb.put', atLeast(0.85)],
  ['leader.get.1', 'limits.leveldb.get', atLeast(0.85)]
]

// A follower's beside others that many processes can use: for orientation, not for victory.
const both = (width, other) => ['put', 'get'].map(kind => [`follower.${kind}.${width}`, `${other}.${kind}.${width}`])
const REDIS = [...both(1, 'redis'), ...both(64, 'redis')]
const EMBEDDED = ['lmdb', 'sqlite'].flatMap(other => [...both(1, other), ['follower.iterate', `${other}.iterate`]])
const BUSY = ['redis', 'lmdb', 'sqlite'].flatMap(other => both(1, other))

const folder = process.argv[2]
const figures = { ours: {}, peer: {} } // name → [figure of round 1, of round 2, …]

const add = (side, name, value) => (figures[side][name] ??= []).push(value)

let load = 'not recorded'
for (const file of fs.readdirSync(folder).sort()) {
  const text = fs.readFileSync(path.join(folder, file), 'utf8')
  const kind = file.startsWith('busy-') ? 'busy.' : ''
  const [side, part] = file.replace('busy-', '').split('-')
  if (file === 'load.txt') {
    load = text.trim().split(' ')[0]
  } else if (file.endsWith('.json')) {
    for (const [name, value] of Object.entries(JSON.parse(text))) add(side, kind + name, value)
  } else if (side === 'redis') {
    // "test","rps","avg","min","p50","p95","p99","max", then "SET","12345.6",…; times in milliseconds.
    for (const [test, rate, , , p50, , p99] of text.trim().split('\n').slice(1).map(line => line.split(',').map(cell => JSON.parse(cell)))) {
      const name = `${kind}redis.${test === 'SET' ? 'put' : 'get'}.${part}`
      add('ours', name, Number(rate))
      add('ours', `${name}.p50us`, 1000 * p50)
      add('ours', `${name}.p99us`, 1000 * p99)
    }
  }
}

const sorted = numbers => [...numbers].sort((a, b) => a - b)
const median = numbers => (sorted(numbers)[(numbers.length - 1) >> 1] + sorted(numbers)[numbers.length >> 1]) / 2
const show = number => number >= 1000 ? Math.round(number).toLocaleString('en-US') : String(+number.toPrecision(3))

// A row: both medians, their ratio, the least and the greatest ratio of a round, and the target.
function row (name, ours, theirs, target) {
  const ratio = median(ours) / median(theirs)
  const rounds = sorted(ours.map((value, i) => value / theirs[i]).filter(Number.isFinite))
  const verdict = target ? `${target.text} | ${target.met(ratio) ? 'yes' : '**no**'}` : ' | '
  return `| ${name} | ${show(median(ours))} | ${show(median(theirs))} | ${show(ratio)} | ${show(rounds[0])} – ${show(rounds.at(-1))} | ${verdict} |`
}

function table (title, columns, rows, other = '') {
  if (!rows.length) return
  console.log(`\n${title}\n\n${host}, ${other || `load average ${load} at the start`}.\n\n| ${columns} | ratio | of the rounds | target | met |\n|---|---|---|---|---|---|---|`)
  console.log(rows.join('\n'))
}

const rounds = Math.max(0, ...Object.values(figures.ours).map(values => values.length))
const dotnet = execFileSync('dotnet', ['--version'], { encoding: 'utf8' }).trim()
const host = `${os.cpus()[0].model}, ${os.cpus().length} cores, ${Math.round(os.totalmem() / 2 ** 30)} GB, ${os.type()} ${os.release()}`
console.log(`.NET SDK ${dotnet}, Node ${process.version}; medians of ${rounds}.`)

table('Beside npm\'s rave-level (operations a second; ms and MB where the name says so):', 'workload | RaveLevel | rave-level',
  Object.keys(figures.peer).filter(name => figures.ours[name] && !name.startsWith('busy.')).map(name => row(name, figures.ours[name], figures.peer[name], TARGETS[name])))

table('Beside the limits of this machine:', 'workload | RaveLevel | limit',
  ['', 'random.'].flatMap(kind => LIMITS.map(([name, limit, target]) => {
    const ours = figures.ours[kind + name]
    const bound = figures.ours[limit.includes('pingpong') ? limit : kind + limit]
    return ours && bound && row(`${kind}${name} / ${limit}`, ours, bound, target)
  })).filter(Boolean))

const beside = (pairs, kind = '') => pairs.map(names => names.map(name => kind + name))
  .filter(([ours, theirs]) => figures.ours[ours] && figures.ours[theirs])
  .map(([ours, theirs]) => row(`${ours} / ${theirs}`, figures.ours[ours], figures.ours[theirs]))

table('Beside Redis, which keeps everything in memory (a client over a unix socket, no pipelining):', 'workload | RaveLevel | Redis',
  beside(REDIS))

table('Beside LMDB and SQLite in WAL mode, which a second process uses directly:', 'workload | RaveLevel | the other', beside(EMBEDDED))

table('One operation at a time, with one core kept busy:', 'workload | RaveLevel | the other', [
  ...['put', 'get'].map(kind => `busy.follower.${kind}.1`).filter(name => figures.ours[name] && figures.peer[name])
    .map(name => row(`${name} / rave-level`, figures.ours[name], figures.peer[name])),
  ...beside(BUSY, 'busy.'),
  ...beside(['put', 'get'].map(kind => [`follower.${kind}.1.p50us`, 'limits.pingpong.p50us']), 'busy.'),
  ...beside(['put', 'get'].map(kind => [`follower.${kind}.1.p99us`, 'limits.pingpong.p99us']), 'busy.')
], 'a loop on the first core takes all of it')

/** What a soak came to: in figures, and what of it is not as it must be. */
import { existsSync, readFileSync } from 'node:fs'
import type { Life, Sample } from './life.js'
import type { SoakResult } from './soak.js'

/** How long a signal that lets it clean up may take. */
const mostEndMs = 2000
/** What the end of a long life may take more than its beginning. */
const growth = { memoryMb: 30, descriptors: 4 } as const
/** A process that is killed leaves one, which goes with the next run that comes to its end. */
const mostStaged = 20
/** A few samples tell no more than whether a run was under way when they were taken. */
const fewestSamples = 60

export function failuresOf(result: SoakResult): readonly string[] {
  const { last, after, differences, stagedAtEnd, longLife, lives } = result
  const failures: string[] = []
  if (last.code !== 0) failures.push(`the last run ended with ${last.code ?? last.signal}: ${last.stderr}`)
  if (differences.length > 0)
    failures.push(`${differences.length} differences: ${differences.slice(0, 10).join('; ')}`)
  if (after.code !== 0 || !after.stdout.includes('Nothing changed'))
    failures.push(`the run after the last one had something to do: ${after.stdout}${after.stderr}`)
  if (stagedAtEnd > 0) failures.push(`${stagedAtEnd} staging directories are left`)
  if (most(lives, 'staged') > mostStaged) failures.push('staging directories pile up')
  for (const what of ['memoryMb', 'descriptors'] as const) {
    const [first, end] = thirds(longLife.samples, what)
    if (longLife.samples.length >= fewestSamples && end > first + growth[what])
      failures.push(`${what} grew from ${first} to ${end}`)
  }
  const all = [...lives, longLife]
  for (const { killedBy, asSent, livedMs } of all) {
    if (!asSent) failures.push(`did not end by ${killedBy}, sent after ${Math.round(livedMs)} ms`)
  }
  const slowest = slowestEnd(all)
  if (slowest > mostEndMs) failures.push(`took ${slowest} ms to end after a signal`)
  return failures
}

export function figuresOf(result: SoakResult): readonly string[] {
  const { lives, longLife, edits, seed } = result
  const all = [...lives, longLife]
  const by = (signal: NodeJS.Signals): number => all.filter(({ killedBy }) => killedBy === signal).length
  const log = existsSync(result.log) ? readFileSync(result.log, 'utf8') : ''
  const ends = new Map<string, number>()
  for (const [, code = ''] of log.matchAll(/ end +exit (\d+)/g)) ends.set(code, (ends.get(code) ?? 0) + 1)
  const exits = [...ends].map(([code, count]) => `${count} with ${code}`)
  const [memoryAtFirst, memoryAtEnd] = thirds(longLife.samples, 'memoryMb')
  const [openAtFirst, openAtEnd] = thirds(longLife.samples, 'descriptors')
  return [
    `seed ${seed}: ${edits} edits`,
    `${all.length} processes: ${by('SIGKILL')} ended by SIGKILL, ${by('SIGTERM')} by SIGTERM, ${by('SIGINT')} by SIGINT, ${by('SIGHUP')} by SIGHUP`,
    `runs that came to their end: ${exits.join(', ')}`,
    `from a signal to the end: ${slowestEnd(all)} ms at most`,
    `staging directories at once: ${most(all, 'staged')} at most, ${result.stagedAtEnd} at the end`,
    `a life of ${Math.round(longLife.livedMs / 1000)} s: memory ${memoryAtFirst} MB in its first third, ${memoryAtEnd} MB in its last, ${most([longLife], 'memoryMb')} MB at most`,
    `its descriptors: ${openAtFirst} in its first third, ${openAtEnd} in its last, ${most([longLife], 'descriptors')} at most`,
    `then one run: exit ${result.last.code}, ${result.differences.length} differences`,
  ]
}

/** The medians of the first and of the last third. */
function thirds(samples: readonly Sample[], what: keyof Sample): readonly [first: number, last: number] {
  const third = Math.ceil(samples.length / 3)
  return [median(samples.slice(0, third), what), median(samples.slice(-third), what)]
}

function median(samples: readonly Sample[], what: keyof Sample): number {
  const sorted = samples.map(sample => sample[what]).sort((a, b) => a - b)
  return Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0)
}

function most(lives: readonly Life[], what: keyof Sample): number {
  return Math.round(Math.max(0, ...lives.flatMap(({ samples }) => samples.map(sample => sample[what]))))
}

function slowestEnd(lives: readonly Life[]): number {
  const ends = lives.filter(({ killedBy }) => killedBy !== 'SIGKILL').map(({ endMs }) => endMs)
  return Math.round(Math.max(0, ...ends))
}

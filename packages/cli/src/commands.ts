/** The words of the command, and which flags make sense behind which. */
import type { Flag } from './flag.js'
import { jobFlags } from './job-flags.js'
import { UsageError } from './usage-error.js'

export const commandNames = ['sync', 'check', 'plan', 'apply', 'explain'] as const

export type CommandName = (typeof commandNames)[number]

type Long = Flag['long']

const output: readonly Long[] = [
  '--json',
  '--quiet',
  '--verbose',
  '--log',
  '--log-max-size',
  '--log-max-age',
  '--log-keep',
]
const running: readonly Long[] = [
  '--wait',
  '--durable',
  '--dry-run',
  '--bwlimit',
  '--partial',
  '--backup-dir',
  '--keep',
]
const watching: readonly Long[] = ['--watch', '--reconcile']
const repeating: readonly Long[] = ['--interval', '--every', '--cron', '--time-zone', ...watching]
const machinery: readonly Long[] = ['--concurrency', '--held']

/** What a plan was made with is in it. */
const ofApply: ReadonlySet<Long> = new Set([...output, ...running, ...machinery])

const without: Readonly<Record<Exclude<CommandName, 'apply'>, ReadonlySet<Long>>> = {
  sync: new Set<Long>(['--out']),
  check: new Set<Long>(['--out', ...watching]),
  plan: new Set<Long>([...running, ...repeating]),
  explain: new Set<Long>([...running, ...output, ...repeating, '--out']),
}

const why: Readonly<Record<CommandName, string>> = {
  sync: 'only plan writes a plan',
  check: 'check changes nothing, and runs once or by --interval, --every or --cron',
  plan: 'plan runs once and changes nothing',
  apply: 'what a plan does was decided when it was made',
  explain: 'explain says what is known of one path, and changes nothing',
}

/** Refuses flags that would do nothing. */
export function refuseMeaningless(command: CommandName, given: Iterable<Flag>): void {
  for (const flag of given) {
    const { long } = flag
    if (jobFlags.includes(flag))
      throw new UsageError(`${long} is for facsimile schedule and facsimile status: leave it out`)
    const isMeant = command === 'apply' ? ofApply.has(long) : !without[command].has(long)
    if (isMeant) continue
    throw new UsageError(`${long} makes no sense with ${command}: ${why[command]}; leave it out`)
  }
}

/** Words that take no two folders. */
const otherWords = ['undo', 'schedule', 'status'] as const

/** The command that a word looks like: one letter is another, or is missing, or is too many, or two are swapped. */
export function commandLike(word: string): string | undefined {
  return [...commandNames, ...otherWords].find(name => isNear(word, name))
}

function isNear(word: string, name: string): boolean {
  if (word === name || Math.abs(word.length - name.length) > 1) return false
  let same = 0
  while (same < word.length && word[same] === name[same]) same += 1
  const [a, b] = [word.slice(same), name.slice(same)]
  const swapped = (b[1] ?? '') + (b[0] ?? '') + b.slice(2)
  return a.slice(1) === b.slice(1) || a.slice(1) === b || a === b.slice(1) || a === swapped
}

/** Flags for runs that are repeated, and for the log of a process that lasts. */
import type { Flag, Given } from './flag.js'
import { UsageError } from './usage-error.js'
import { countUpTo, duration, minutes, positiveSize, single, text } from './values.js'

export const cadenceFlags: readonly Flag[] = [
  {
    long: '--interval',
    short: '-i',
    value: 'MINUTES',
    option: 'intervalMs',
    read: single(minutes),
    group: 'How',
    help: 'run at once and then every so many minutes, such as 5 or 0.5, until Ctrl+C',
  },
  {
    long: '--every',
    value: 'TIME',
    option: 'every',
    read: single(duration),
    group: 'How',
    conflicts: ['--interval'],
    help: 'run at once and then every 90s, 15m, 6h or 1d, until Ctrl+C; what was missed is made up for once, and after a failure the waits grow',
  },
  {
    long: '--cron',
    value: 'EXPRESSION',
    option: 'cron',
    read: single(text),
    group: 'How',
    conflicts: ['--interval', '--every'],
    help: 'run when this cron expression says so, such as "*/10 * * * *", and else as with --every; six fields begin with seconds',
  },
  {
    long: '--time-zone',
    value: 'ZONE',
    option: 'timeZone',
    read: single(text),
    group: 'How',
    help: 'the zone that --cron is about, such as Europe/Berlin; without it that of the system',
  },
]

export const watchFlags: readonly Flag[] = [
  {
    long: '--watch',
    short: '-w',
    option: 'watch',
    sets: true,
    group: 'How',
    conflicts: ['--interval', '--every', '--cron', '--dry-run', '--files-from'],
    help: 'run at once, and then whenever something changes in the source, until Ctrl+C',
  },
  {
    long: '--reconcile',
    value: 'TIME',
    option: 'reconcile',
    read: single(duration),
    group: 'How',
    help: 'how often --watch compares all once more, such as 1h; 10m by default',
  },
]

export const logFlags: readonly Flag[] = [
  {
    long: '--log',
    short: '-l',
    value: 'FILE',
    option: 'log',
    read: single(text),
    group: 'Output',
    help: 'append a line to this file for each entry created, updated or deleted, and a summary of each run; with --interval, --every, --cron or --watch a SIGHUP opens it anew',
  },
  {
    long: '--log-max-size',
    value: 'SIZE',
    option: 'logMaxBytes',
    read: single(positiveSize),
    group: 'Output',
    help: 'put the log aside as FILE.1, and begin a new one, before it is larger than this, such as 10M',
  },
  {
    long: '--log-max-age',
    value: 'TIME',
    option: 'logMaxAge',
    read: single(duration),
    group: 'Output',
    help: 'do so when it is older than this, such as 7d',
  },
  {
    long: '--log-keep',
    value: 'N',
    option: 'logKeep',
    read: single(countUpTo(1000)),
    group: 'Output',
    help: 'how many old logs are kept, as FILE.1 to FILE.N; 5 by default',
  },
]

/** Refuses flags that are about one that was not given. */
export function refuseLonely(given: Given): void {
  const { cron, timeZone, watch, reconcile, log, logMaxBytes, logMaxAge, logKeep, replicas = [] } = given
  if (reconcile !== undefined && watch !== true)
    throw new UsageError('--reconcile needs --watch, which it is about: give both, or neither')
  if (watch === true && replicas.length > 1)
    throw new UsageError(
      '--watch keeps one replica, and --destination is given more than once; start one watch for each',
    )
  if (timeZone !== undefined && cron === undefined)
    throw new UsageError('--time-zone needs --cron, the expression it is about: give both, or neither')
  const rotates = logMaxBytes !== undefined || logMaxAge !== undefined
  if (rotates && log === undefined) {
    const flag = logMaxBytes === undefined ? '--log-max-age' : '--log-max-size'
    throw new UsageError(`${flag} needs --log FILE, the log it is about: give both, or neither`)
  }
  if (logKeep !== undefined && !rotates)
    throw new UsageError(
      '--log-keep needs --log-max-size or --log-max-age, which say when a log becomes an old one: give one of them',
    )
}

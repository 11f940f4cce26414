import type { ManySyncOptions } from '../many-options.js'
import { SyncError } from '../model/errors.js'
import type { ManyReport } from '../model/many-report.js'
import type { Report } from '../model/report.js'
import { refuseUnusable } from '../model/unusable.js'
import type { SyncOptions } from '../options.js'
import { syncFolders } from '../sync-folders.js'
import type { Cadence } from './cadence.js'
import type { ScheduleClock } from './clock.js'
import { scheduleRuns } from './schedule-runs.js'
import type { Series, Verdict } from './series.js'

/** What {@link scheduleSync} takes: the options of each run, and how often; `signal` ends the series. */
export type ScheduleOptions = Omit<SyncOptions, 'reject'> & Cadence

/** The same for several replicas. */
export type ManyScheduleOptions = Omit<ManySyncOptions, 'reject'> & Cadence

/**
 * Makes the replica an exact copy of the source again and again: `every` so often, at once and then on a fixed grid, or by `cron`.
 *
 * Each run gives its report, whatever became of it; one that failed, with anything but 0 and 24, is tried again by itself, at growing
 * distances (docs/decisions/031). Nothing runs until it is iterated over. See {@link Series} for the rest.
 *
 * Iterating rejects with a `SyncError` (2) when the options are unusable, and with what a function of the caller threw. It ends, without an
 * error, when `signal` aborts: the last report is that of the run that was stopped.
 */
export function scheduleSync(options: ScheduleOptions): Series<Report>
export function scheduleSync(options: ManyScheduleOptions): Series<ManyReport>
export function scheduleSync(
  options: ScheduleOptions | ManyScheduleOptions,
): Series<Report> | Series<ManyReport> {
  return 'replicas' in options
    ? scheduleWith<ManyScheduleOptions, ManyReport>(options, { sync: syncFolders })
    : scheduleWith<ScheduleOptions, Report>(options, { sync: syncFolders })
}

/** What only tests set. */
interface ScheduleInternals<Options, Result> {
  readonly sync: (options: Options) => Promise<Result>
  readonly clock?: ScheduleClock
}

export function scheduleWith<
  Options extends ScheduleOptions | ManyScheduleOptions,
  Result extends Report | ManyReport,
>(options: Options, { sync, clock }: ScheduleInternals<Options, Result>): Series<Result> {
  const run = async (signal: AbortSignal): Promise<Result> => {
    const result = await sync(optionsOfRun(options, signal))
    refuseUnusable(result)
    return result
  }
  const { every, cron, timeZone, signal } = options
  const cadence = { every, cron, timeZone } as Cadence
  return scheduleRuns({ ...cadence, run, judge, signal, ...(clock === undefined ? {} : { clock }) })
}

/** They may be of a class, whose prototype has some of them. */
function optionsOfRun<Options extends object>(options: Options, signal: AbortSignal): Options {
  const own: Record<string, PropertyDescriptor> = Object.getOwnPropertyDescriptors<object>(options)
  for (const name of ['every', 'cron', 'timeZone']) delete own[name]
  if (own['reject'] !== undefined)
    throw new SyncError(
      'invalid-options',
      2,
      'option "reject" is none of a schedule, where each run gives its report: leave it out',
    )
  return Object.create(Object.getPrototypeOf(options), {
    ...own,
    signal: { value: signal, enumerable: true },
    // The report then says why, too.
    reject: { value: false, enumerable: true },
  })
}

function judge({ exitCode }: Report | ManyReport): Verdict {
  // The source changed meanwhile: what was there is there, and the next run sees to the rest.
  return exitCode === 0 || exitCode === 24 ? 'good' : 'failed'
}

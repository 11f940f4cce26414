/** Flags of `facsimile schedule` and `facsimile status`. */
import type { Flag } from './flag.js'
import { schedulerNames } from './jobs/job.js'
import { duration, oneOf, single } from './values.js'

export const jobFlags: readonly Flag[] = [
  {
    long: '--install',
    option: 'install',
    sets: true,
    group: 'Schedules',
    help: 'with schedule add: tell it to the scheduler of this machine, or to the one that --for names',
  },
  {
    long: '--for',
    value: 'SCHEDULER',
    option: 'scheduler',
    read: single(oneOf(...schedulerNames)),
    group: 'Schedules',
    help: 'which scheduler is meant: systemd, cron, launchd or schtasks',
  },
  {
    long: '--if-due',
    option: 'ifDue',
    sets: true,
    group: 'Schedules',
    help: 'with schedule run: do nothing unless a run is due by now',
  },
  {
    long: '--max-age',
    value: 'TIME',
    option: 'maxAge',
    read: single(duration),
    group: 'Schedules',
    help: 'with status: end with 28 when the last success is older than this, such as 1d, or there is none',
  },
]

/** How a mirror is, by its past runs and by what is due. */
import type { Job } from '../jobs/job.js'
import { nextRun } from '../jobs/due.js'
import { isSuccess, type PastRun } from './past-runs.js'

/**
 * `ok`: the last run succeeded, and none is overdue. `running`: one is at work. `failing`: the last one failed. `stopped`: it was killed. `late`: it
 * succeeded, and the next one is overdue. `never`: there was none.
 */
type Health = 'ok' | 'running' | 'failing' | 'stopped' | 'late' | 'never'

export interface Status {
  /** Absent for what was run by hand only. */
  readonly name: string | undefined
  readonly source: string
  readonly replicas: readonly string[]
  readonly health: Health
  readonly lastRun: PastRun | undefined
  readonly lastSuccess: PastRun | undefined
  readonly nextRun: Date | undefined
  /** How far the replica is behind at most: since the last success began. */
  readonly lagMs: number | undefined
}

/** So long after its time a run that has not begun is late. */
const graceMs = 5 * 60_000

interface Mirror {
  readonly job?: Job
  readonly source: string
  readonly replicas: readonly string[]
}

export async function statusOf(
  { job, source, replicas }: Mirror,
  runs: readonly PastRun[],
  now: Date,
  isAlive: (pid: number) => boolean,
): Promise<Status> {
  const own = replicas.map(replica => runs.filter(run => run.source === source && run.replica === replica))
  // Several replicas are as good as the worst of them.
  const lastRun = least(
    own.map(each => each.at(-1)),
    run => (isSuccess(run) ? 1 : 0),
  )
  const lastSuccess = least(
    own.map(each => each.findLast(isSuccess)),
    run => Date.parse(run.start),
  )
  const due = job === undefined ? undefined : await nextRun(job, lastStart(own), now)
  const isLate = due !== undefined && due.getTime() + graceMs < now.getTime()
  return {
    name: job?.name,
    source,
    replicas,
    health: healthOf(lastRun, isLate, isAlive),
    lastRun,
    lastSuccess,
    nextRun: due,
    lagMs: lastSuccess === undefined ? undefined : now.getTime() - Date.parse(lastSuccess.start),
  }
}

function healthOf(last: PastRun | undefined, isLate: boolean, isAlive: (pid: number) => boolean): Health {
  if (last === undefined) return isLate ? 'late' : 'never'
  if (last.end === undefined) return last.pid !== undefined && isAlive(last.pid) ? 'running' : 'stopped'
  if (!isSuccess(last)) return 'failing'
  return isLate ? 'late' : 'ok'
}

/** Undefined when one of them is. */
function least(runs: readonly (PastRun | undefined)[], rank: (run: PastRun) => number): PastRun | undefined {
  const found = runs.filter(run => run !== undefined)
  if (found.length < runs.length) return undefined
  return found.toSorted((a, b) => rank(a) - rank(b))[0]
}

function lastStart(own: readonly (readonly PastRun[])[]): Date | undefined {
  const starts = own.flatMap(each => each.at(-1)?.start ?? []).toSorted()
  return starts[0] === undefined ? undefined : new Date(starts[0])
}

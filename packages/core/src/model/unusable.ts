/** Options that no run could be made with: who runs again and again ends there. */
import { SyncError } from './errors.js'
import type { ManyReport } from './many-report.js'
import type { Report } from './report.js'

/** @throws {SyncError} `invalid-options`, when a report says so: the next run could do no more */
export function refuseUnusable(result: Report | ManyReport): void {
  if (result.exitCode !== 2) return
  const report =
    'replicas' in result ? result.replicas.find(each => each.report.exitCode === 2)?.report : result
  if (report === undefined) return
  const problem = report.problems.find(({ exitCode }) => exitCode === 2)
  throw new SyncError('invalid-options', 2, problem?.message ?? 'the options are unusable', { report })
}

/** How the end of a session becomes a report, or an error that carries one. */
import { errorCodeOf, SyncError } from './model/errors.js'
import { type ExitCode, worstExitCode } from './model/exit-code.js'
import { problem } from './model/problem.js'
import type { Report } from './model/report.js'
import type { Hooks } from './run/hooks.js'
import type { Recorder } from './run/recorder.js'
import type { Stopper } from './run/stopper.js'
import type { Settings } from './settings.js'

export interface Ended {
  readonly settings: Settings
  readonly recorder: Recorder
  readonly hooks: Hooks
  readonly stopper: Stopper
  readonly failure: { readonly error: unknown } | undefined
}

/** Throws what stands for a report that has no result. */
export function failWith(report: Report): never {
  throw new SyncError(errorCodeOf(report.exitCode), report.exitCode, messageOf(report), { report })
}

/** The report, or what is thrown in its place; `fine` is one more exit code that is no failure. */
export function conclude({ settings, recorder, hooks, stopper, failure }: Ended, fine: ExitCode): Report {
  if (hooks.failure !== undefined) throw hooks.failure.error
  const error = failure === undefined ? undefined : asSyncError(failure.error, stopper)
  if (error !== undefined) recorder.end(error.exitCode)
  if (error !== undefined && !settings.reject) {
    // Nothing is thrown that could tell why.
    recorder.problem({ ...problem('notice', 'replica', '', error.message), exitCode: error.exitCode })
  }
  const report = recorder.report()
  if (!settings.reject || (error === undefined && (report.exitCode === 0 || report.exitCode === fine)))
    return report
  const exitCode = worstExitCode([report.exitCode])
  if (error === undefined) failWith(report)
  throw new SyncError(error.code, exitCode, error.message, { cause: error.cause, report })
}

function asSyncError(error: unknown, stopper: Stopper): SyncError {
  if (stopper.signal.aborted) {
    return new SyncError('aborted', 130, 'the run was stopped: nothing is torn, and the next run goes on', {
      cause: stopper.signal.reason,
    })
  }
  if (error instanceof SyncError) return error
  const message = error instanceof Error ? error.message : String(error)
  return new SyncError('internal', 1, `internal error: ${message}`, { cause: error })
}

function messageOf(report: Report): string {
  const worst = report.problems.find(({ exitCode }) => exitCode === report.exitCode)
  const others = report.problems.length + report.moreProblems - 1
  if (worst === undefined) return `the run ended with ${report.exitCode}`
  return others > 0 ? `${worst.message} (and ${others} more)` : worst.message
}

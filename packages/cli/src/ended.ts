/** How a call of the library ended, when it rejected. */
import { type ExitCode, type Report, SyncError, type WatchReport } from '@facsimile/core'
import { type StopSignal, usageExitCode } from './exit-codes.js'
import { inFlagNames } from './flag-names.js'
import { internalMessage } from './internal-message.js'
import type { Failure } from './render/renderer.js'
import { UsageError } from './usage-error.js'

export interface Ended {
  readonly exitCode: ExitCode
  readonly report: Report | WatchReport | undefined
  readonly failures: readonly Failure[]
}

export function endOf(error: unknown, received: StopSignal | undefined): Ended {
  if (error instanceof UsageError)
    return failed({ code: 'usage', exitCode: usageExitCode, message: error.message })
  if (!(error instanceof SyncError))
    return failed({ code: 'internal', exitCode: 1, message: internalMessage(error) })
  const { code, exitCode, report } = error
  const failures: readonly Failure[] = isSaid(error)
    ? []
    : [{ code, exitCode, message: messageOf(error, received) }]
  return { exitCode, report, failures }
}

/** Whether the report's problems have said already what the error says. */
function isSaid({ code, exitCode, message, report }: SyncError): boolean {
  if (report === undefined) return false
  switch (code) {
    case 'incomplete':
    case 'source-changed':
    case 'difference':
      return true
    case 'storage-failed':
      return report.problems.some(problem => problem.exitCode === exitCode)
    case 'invalid-options':
    case 'root-refused':
    case 'too-many-deletions':
    case 'locked':
    case 'aborted':
    case 'internal':
      return report.problems.some(problem => problem.message === message)
  }
}

function messageOf(error: SyncError, received: StopSignal | undefined): string {
  switch (error.code) {
    case 'aborted':
      return received === undefined
        ? error.message
        : `stopped by ${received}; nothing is torn, and the next run completes the work`
    case 'internal':
      return internalMessage(error.cause ?? error)
    case 'invalid-options':
      return inFlagNames(error.message)
    default:
      return error.message
  }
}

function failed(failure: Failure): Ended {
  return { exitCode: failure.exitCode, report: undefined, failures: [failure] }
}

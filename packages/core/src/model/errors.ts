import type { ExitCode } from './exit-code.js'
import { oneLine } from './one-line.js'
import type { Report } from './report.js'

/** Stable codes of what {@link SyncError} is thrown for. */
export type SyncErrorCode =
  | 'invalid-options'
  | 'root-refused'
  | 'too-many-deletions'
  | 'locked'
  | 'storage-failed'
  | 'incomplete'
  | 'source-changed'
  | 'difference'
  | 'aborted'
  | 'internal'

export interface SyncErrorDetails {
  readonly cause?: unknown
  readonly report?: Report | undefined
  readonly replicas?: readonly ReplicaResult[]
}

/**
 * The one error of this library. A run that began carries its {@link Report}, of the same shape as that of a
 * run that succeeded.
 */
export class SyncError extends Error {
  readonly code: SyncErrorCode
  readonly exitCode: ExitCode
  /** Of several replicas that of the one that ended worst. */
  readonly report: Report | undefined
  /** What became of each replica, where there are several. */
  readonly replicas: readonly ReplicaResult[] | undefined

  constructor(code: SyncErrorCode, exitCode: ExitCode, message: string, details: SyncErrorDetails = {}) {
    // INVARIANT: names of enemies may be in both, and whoever prints an error prints its causes and stacks.
    super(oneLine(message), 'cause' in details ? { cause: withoutControls(details.cause) } : undefined)
    this.name = 'SyncError'
    this.code = code
    this.exitCode = exitCode
    this.report = details.report
    this.replicas = details.replicas
  }
}

/** How the run of one of several replicas ended. */
export interface ReplicaResult {
  /** As it was given. */
  readonly replica: string
  readonly report: Report
  /** What a run of this replica alone would have rejected with. */
  readonly error: SyncError | undefined
}

/** The system's own words hold raw paths: the same error, as one line. Errors of the caller are not ours to change. */
function withoutControls(cause: unknown): unknown {
  if (!(cause instanceof Error) || !('syscall' in cause)) return cause
  const { message, stack } = cause
  const safe = oneLine(message)
  if (safe === message) return cause
  cause.message = safe
  if (stack !== undefined) cause.stack = stack.replace(message, () => safe)
  return cause
}

/** The code an exit status is thrown with. */
export function errorCodeOf(exitCode: ExitCode): SyncErrorCode {
  switch (exitCode) {
    case 0:
    case 1:
      return 'internal'
    case 2:
      return 'invalid-options'
    case 11:
      return 'storage-failed'
    case 23:
      return 'incomplete'
    case 24:
      return 'source-changed'
    case 25:
      return 'too-many-deletions'
    case 26:
      return 'root-refused'
    case 27:
      return 'locked'
    case 28:
      return 'difference'
    case 129:
    case 130:
    case 143:
      return 'aborted'
  }
}

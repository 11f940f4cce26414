import type { Side } from './entry.js'
import type { ExitCode } from './exit-code.js'
import type { RelativePath } from './path.js'

/** What kind of trouble, as a stable code; the list is part of the public interface. */
export type ProblemCode =
  /** A source entry could not be read. A directory or listing that could not be read withholds all deletions. */
  | 'source-unreadable'
  /** A source entry vanished or changed while it was read; left for the next run. */
  | 'source-changed'
  /** A replica entry could not be read. */
  | 'replica-unreadable'
  /** A replica entry could not be written, or removed. */
  | 'replica-failed'
  /** A replica entry changed since the plan was made; left for the next run. */
  | 'replica-changed'
  /** A held plan was applied, and this is not as it was when the plan was made; left as it is. */
  | 'drifted'
  /** The replica's storage failed as a whole: full, read-only, I/O error. The run stops. */
  | 'storage-failed'
  /** Planned changes were not done; the message says why. */
  | 'withheld'
  /** `verify` found other bytes in the replica than were read from the source. */
  | 'verify-failed'
  /** The bytes of a file changed, though its size and times did not. No good copy is overwritten by it. */
  | 'rot'
  /** Something the user should know that changes no result. */
  | 'notice'

/** Something that went wrong at one place, or could not be done. Plain data. */
export interface Problem {
  readonly code: ProblemCode
  /** The entry it is about; the empty string is the root. */
  readonly path: RelativePath
  readonly side: Side
  /** One sentence: what was tried, what was found. Names in it are escaped. */
  readonly message: string
  /** The system's name of the error, such as `EACCES`, where one was given. */
  readonly errno: string | undefined
  /** What this problem alone makes the run end with. */
  readonly exitCode: ExitCode
}

const exitCodes: Readonly<Record<ProblemCode, ExitCode>> = {
  'source-unreadable': 23,
  'source-changed': 24,
  'replica-unreadable': 23,
  'replica-failed': 23,
  'replica-changed': 24,
  drifted: 24,
  'storage-failed': 11,
  withheld: 23,
  'verify-failed': 28,
  rot: 23,
  notice: 0,
}

/** Makes a problem, with the exit code its kind stands for. */
export function problem(
  code: ProblemCode,
  side: Side,
  path: RelativePath,
  message: string,
  errno?: string,
): Problem {
  return { code, path, side, message, errno, exitCode: exitCodes[code] }
}

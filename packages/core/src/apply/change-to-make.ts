/** What one thread is told of a change, and what it tells when that is made. */
import type { Action } from '../model/change.js'
import type { Entry, Identity } from '../model/entry.js'
import type { Name, RelativePath } from '../model/path.js'
import type { ResidualAttribute } from '../model/report.js'
import type { ChangeFailure } from './failure.js'
import type { LinkTarget } from './link-instead.js'

export interface ChangeToMake {
  readonly action: Action
  readonly directory: RelativePath
  /** Which directory of the source the plan saw there; undefined where it had none. */
  readonly from?: Identity | undefined
  readonly name: Name
  readonly path: RelativePath
  readonly source: Entry | undefined
  readonly replica: Entry | undefined
  /** Where an earlier batch staged what is to be published. */
  readonly staged?: RelativePath | undefined
  /** What it becomes a name of, if that is there; what is planned to be a link and has nothing to lead to is copied. */
  readonly linkTo?: LinkTarget | undefined
  /** What it becomes a name of loses its other name, and gets the attributes of this one. */
  readonly isMoved?: boolean | undefined
  /** How many names this run may add to it. */
  readonly moreNames?: number | undefined
}

export interface Made {
  /** Bytes of content written. */
  readonly bytes: number
  readonly digest: string | undefined
  /** Where it is staged, when it is only that. */
  readonly stagedAt?: RelativePath
  /** Something that could not be held, while all else was made. */
  readonly shortfall?: ChangeFailure | undefined
  /** What could not be held, though the plan said it could or did not know. */
  readonly residuals?: readonly ResidualAttribute[] | undefined
}

export const nothingWritten: Made = { bytes: 0, digest: undefined }

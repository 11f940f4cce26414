import type { Name } from '../model/path.js'
import type { Directory } from '../tree/tree.js'
import type { ThreadStaging } from './staging.js'

/** A name in a directory. */
export interface Lying {
  readonly directory: Directory
  readonly name: Name
}

/** A temporary name in a directory of the replica. */
export interface Place extends Lying {
  /** Whose part of the staging directory it is in; undefined outside of it. */
  readonly staging: ThreadStaging | undefined
}

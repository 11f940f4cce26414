/** What only tests set, and those that run several at once. */
import type { FlushWay } from './model/finish-jobs.js'
import type { WatchedWalk } from './model/watched-walk.js'
import type { Together } from './together.js'
import type { DecoratorSpec } from './tree/tree.js'

/** What only tests set. */
export interface Internals {
  /** Wraps both trees in every thread. */
  readonly decorator?: DecoratorSpec
  /** Uses worker threads even when there is little to do. */
  readonly threadsAtOnce?: boolean
  /** In place of what the replica's file system allows. */
  readonly maxLinks?: number
  /** In place of the best way there is. */
  readonly flush?: FlushWay
  /** Of a run for one of several replicas; set by those, too. */
  readonly together?: Together
  /** Of a run whose source is watched; set by who watches it. */
  readonly watching?: WatchedWalk
}

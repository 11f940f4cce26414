/** What a walk tells whoever watches the source, and what it asks, so that it looks at no more than what was touched. */
import type { Entry } from './entry.js'
import type { Name, RelativePath } from './path.js'

/** The directories that a run is about: each itself, and not what lies in the directories below it. */
export interface TouchedPaths {
  has(directory: RelativePath): boolean
  /** The names in a directory by which touched ones are reached; undefined where none lies below it. */
  onWay(directory: RelativePath): readonly Name[] | undefined
}

export interface WatchedWalk {
  /** Undefined: all there is. */
  readonly touched: TouchedPaths | undefined
  /** INVARIANT: told of each directory of the source before it is listed, so that what comes later is an event. */
  enter(directory: RelativePath, entry: Entry): void
  /** Whether this very directory is watched at this path: what happens in it is told. */
  isWatched(directory: RelativePath, entry: Entry): boolean
  /** A file with several names is to be changed, and some of them may lie where this run does not look. */
  meetsLinks(): void
}

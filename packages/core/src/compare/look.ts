/** Looking at one name on one side. What could not be seen is a problem, and marks its directory. */
import type { Entry } from '../model/entry.js'
import { errnoOf, meaningOf } from '../model/errno.js'
import { NodeMark } from '../model/node-mark.js'
import type { Name, RelativePath } from '../model/path.js'
import { type Problem, problem } from '../model/problem.js'
import { escapeName } from '../tree/names.js'
import { Unfollowable } from '../tree/unfollowable.js'
import type { DirectorySide } from './list-sides.js'

/** A name that was listed and could not be looked at. */
export class Unseen {
  readonly problem: Problem
  /** A bit set of `NodeMark`. */
  readonly marks: number

  constructor(found: Problem, marks: number) {
    this.problem = found
    this.marks = marks
  }
}

const leads = { nowhere: 'leads nowhere', loop: 'leads back to itself' } as const

export function lookInSource(
  { tree, directory }: DirectorySide,
  name: Name,
  path: RelativePath,
): Entry | Unseen {
  try {
    const entry = tree.stat(directory, name)
    if (entry !== undefined) return entry
    const message = `${shown(path)} vanished while the source was read`
    return new Unseen(problem('source-changed', 'source', path, message), 0)
  } catch (error) {
    if (error instanceof Unfollowable) {
      const message = `${shown(path)} is a symbolic link that ${leads[error.why]}: what the replica has in its place stays`
      return new Unseen(problem('source-unreadable', 'source', path, message, error.code), 0)
    }
    const message = `cannot look at ${shown(path)}: ${meaningOf(error)}; nothing will be deleted`
    return new Unseen(problem('source-unreadable', 'source', path, message, errnoOf(error)), NodeMark.hole)
  }
}

/** Undefined when it is gone by now. */
export function lookInReplica(
  { tree, directory }: DirectorySide,
  name: Name,
  path: RelativePath,
): Entry | undefined | Unseen {
  try {
    return tree.stat(directory, name)
  } catch (error) {
    // The directory holds something unknown, so it is not removed either.
    const message = `cannot look at ${shown(path)} in the replica: ${meaningOf(error)}`
    return new Unseen(
      problem('replica-unreadable', 'replica', path, message, errnoOf(error)),
      NodeMark.replicaHole,
    )
  }
}

function shown(path: RelativePath): string {
  return `"${escapeName(path)}"`
}

/**
 * Listing the two sides of one directory. A listing is whole, or the directory is marked.
 */
import { errnoOf, isGone, isStorageFailure, isSwapped, meaningOf } from '../model/errno.js'
import type { CompareRequest, RootFacts } from '../model/jobs.js'
import { NodeMark } from '../model/node-mark.js'
import { baseName, type Name, parentPath, type RelativePath } from '../model/path.js'
import { type Problem, problem } from '../model/problem.js'
import type { HeldDirectories } from '../tree/held-directories.js'
import { escapeName } from '../tree/names.js'
import { isStagingName } from '../tree/staging-marker.js'
import type { Directory, Tree } from '../tree/tree.js'

/** One side of the pair of trees, as a thread holds it. */
export interface HeldSide {
  readonly tree: Tree
  readonly held: HeldDirectories
}

/** A directory on one side of the pair of trees: what names are looked up in. */
export interface DirectorySide {
  readonly tree: Tree
  readonly directory: Directory
}

export interface Listed {
  /** Undefined when the side has no such directory, or it could not be listed. */
  readonly directory: Directory | undefined
  readonly names: readonly Name[]
  /** A bit set of `NodeMark`. */
  readonly marks: number
}

export const notListed: Listed = { directory: undefined, names: [], marks: 0 }

/** Undefined when there is nothing to look names up in. */
export function sideOf(side: HeldSide | undefined, { directory }: Listed): DirectorySide | undefined {
  return side === undefined || directory === undefined ? undefined : { tree: side.tree, directory }
}

/** All names in a directory; others are let in after each part of a long list. */
export function* namesIn({ tree }: Pick<HeldSide, 'tree'>, directory: Directory): Generator<void, Name[]> {
  const names: Name[] = []
  for (const part of tree.listInParts(directory)) {
    for (const name of part) names.push(name)
    yield
  }
  return names
}

/** Of a directory whose names are known: it is entered as if it were to be listed. */
// oxlint-disable-next-line require-yield -- nobody has to wait for nothing
export function* noNames(): Generator<void, Name[]> {
  return []
}

export function* listSource(
  side: HeldSide,
  path: RelativePath,
  problems: Problem[],
  list: typeof namesIn = namesIn,
): Generator<void, Listed> {
  try {
    const directory = side.held.enter(path)
    return { directory, names: yield* list(side, directory), marks: 0 }
  } catch (error) {
    const shown = `"${escapeName(path)}"`
    if (isSwapped(error) && hasVanished(side, path)) {
      problems.push(
        problem('source-changed', 'source', path, `directory ${shown} vanished while the source was read`),
      )
      return { ...notListed, marks: NodeMark.vanished }
    }
    const message = `cannot list ${path === '' ? 'the source' : shown}: ${meaningOf(error)}; nothing will be deleted`
    problems.push(problem('source-unreadable', 'source', path, message, errnoOf(error)))
    return { ...notListed, marks: NodeMark.hole }
  }
}

/**
 * Law L1: a directory that cannot be opened any more is gone only if its parent, looked at once more, has no
 * such name. Anything else there is a hole.
 */
function hasVanished(side: HeldSide, path: RelativePath): boolean {
  for (let at = path; at !== ''; ) {
    const parent = parentPath(at)
    try {
      return side.tree.stat(side.held.enter(parent), baseName(at)) === undefined
    } catch (error) {
      if (!isGone(error)) return false
      at = parent
    }
  }
  return false
}

export function* listReplica(
  side: HeldSide,
  request: CompareRequest,
  roots: RootFacts,
  problems: Problem[],
  list: typeof namesIn = namesIn,
): Generator<void, Listed> {
  const { path, replicaPath = path } = request
  try {
    const directory = side.held.enter(replicaPath)
    const isMounted =
      directory.stat().device !== roots.replicaDevice || roots.replicaMounts.includes(replicaPath)
    // What is mounted in the replica and not in the source is not ours to list, let alone to empty.
    if (isMounted && !request.inSource) return { ...notListed, marks: NodeMark.mounted }
    const names = yield* list(side, directory)
    const hasStagings = replicaPath === '' && names.some(isStagingName)
    const marks = (isMounted ? NodeMark.mounted : 0) | (hasStagings ? NodeMark.stagings : 0)
    return { directory, names, marks }
  } catch (error) {
    const message = `cannot list "${escapeName(replicaPath)}" in the replica: ${meaningOf(error)}`
    // What fails as a whole would be told for each directory: the walk ends with the first.
    const code = isStorageFailure(error) ? 'storage-failed' : 'replica-unreadable'
    problems.push(problem(code, 'replica', replicaPath, message, errnoOf(error)))
    return { ...notListed, marks: NodeMark.replicaHole }
  }
}

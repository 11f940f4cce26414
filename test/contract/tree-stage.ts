/** What the parts of the contract for trees work on. */
import { errnoOf } from '../../packages/core/src/model/errno.js'
import type { Name } from '../../packages/core/src/model/path.js'
import type { Directory, Tree } from '../../packages/core/src/tree/tree.js'
import { it } from 'vitest'
import type { Keeps } from '../support/file-systems.js'
import { symlink, type TreeLiteral } from '../support/tree-literal.js'
import { floorTo } from '../support/times.js'

export interface TreeUnderTest {
  readonly tree: Tree
  readonly close: () => void
}

export interface Promises {
  /** Goes on in the directory that was opened, though its name leads elsewhere by now. */
  readonly holdsDirectories: boolean
  /** Creates special files and keeps nanoseconds. */
  readonly native: boolean
  /** What the file system it stands on can hold. */
  readonly keeps: Keeps
}

/** A tree in a folder of its own, beside one that must never be touched. */
export interface Stage {
  readonly promises: Promises
  /** Writes the literal and opens a tree on it. */
  readonly open: (literal: TreeLiteral) => Opened
  /** Fails when anything beside the tree was changed. */
  readonly expectOutsideUntouched: () => void
}

interface Opened {
  readonly tree: Tree
  readonly root: Directory
  /** The folder, for looking at it by other means. */
  readonly path: string
  /** Opens a directory below the root, to be closed with the test. */
  readonly enter: (...names: readonly string[]) => Directory
}

/** Links to what lies outside, to nothing, and to themselves. */
export const links = {
  toFile: symlink('../outside/secret.txt'),
  toFolder: symlink('../outside/folder'),
  dangling: symlink('nowhere'),
  loop: symlink('loop'),
}
export const linkNames: readonly string[] = Object.keys(links)

/**
 * For a case that a file system cannot hold: it is not made at all, rather than skipped. Suites have `it` for the others.
 */
export function itIf(applies: boolean): typeof it {
  return applies ? it : leftOut
}

const leftOut = Object.assign(() => undefined, { each: () => () => undefined }) as unknown as typeof it

/** What comes back of a time. */
export function kept({ times }: Keeps, time: bigint): bigint {
  const within = time < times.from ? times.from : time > times.to ? times.to : time
  return times.cut === true ? within - (within % times.precisionNs) : floorTo(times.precisionNs, within)
}

export function name(text: string): Name {
  return text as Name
}

/** The system's name of the error that a call fails with. */
export function failure(call: () => unknown): string {
  return attempt(() => {
    call()
    return 'none'
  })
}

/** What a call returns, or the name of the error that it fails with. */
export function attempt<T>(call: () => T): T | string {
  try {
    return call()
  } catch (error) {
    return errnoOf(error) ?? String(error)
  }
}

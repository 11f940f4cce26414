/**
 * A source and a replica on disk, opened as the jobs of one thread have them, to make changes with. When the test
 * ends, no handle may be open, and every planted fault must have been met.
 */
import { join } from 'node:path'
import { afterEach, expect } from 'vitest'
import { decorate } from '../../../../test/support/faulty-tree.mjs'
import { type Fault, type Faulty, faulty } from '../../../../test/support/faulty.js'
import { holding } from '../../../../test/support/mirror.js'
import { readTree } from '../../../../test/support/read-tree.js'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import type { LiteralNode, TreeLiteral } from '../../../../test/support/tree-literal.js'
import { writeTree } from '../../../../test/support/write-tree.js'
import type { ChangeToMake } from '../../src/apply/change-to-make.js'
import { type ApplyContext, Buffers } from '../../src/apply/context.js'
import { ChangeFailure } from '../../src/apply/failure.js'
import { Refusals } from '../../src/apply/refusals.js'
import { makeStaging, removeStaging, ThreadStaging } from '../../src/apply/staging.js'
import type { Action } from '../../src/model/change.js'
import type { Entry, Side } from '../../src/model/entry.js'
import { errnoOf } from '../../src/model/errno.js'
import { baseName, type Name, parentPath, type RelativePath } from '../../src/model/path.js'
import { ownerRights } from '../../src/tree/attributes.js'
import { HeldDirectories } from '../../src/tree/held-directories.js'
import { canHoldByProc } from '../../src/tree/hold-by-proc.js'
import { openRoot } from '../../src/tree/local.js'
import { openTree as openLocalTree } from '../../src/tree/open-tree.js'
import { fullAbilities } from '../../src/tree/abilities.js'
import { capabilitiesOf } from '../../src/tree/capabilities.js'
import { preserveAll } from '../../src/model/preserve.js'
import type { OwnerRights, Tree } from '../../src/tree/tree.js'

export interface Opening {
  readonly source?: TreeLiteral | LiteralNode
  readonly replica?: TreeLiteral | LiteralNode
  readonly faults?: readonly Fault[]
  /** Wraps the source, beneath the faults. */
  readonly wrap?: (tree: Tree) => Tree
  readonly context?: Partial<Pick<ApplyContext, 'can' | 'settings' | 'hash' | 'isAborted'>> & {
    readonly rights?: OwnerRights
  }
}

export interface Ground {
  readonly context: ApplyContext
  /** The name of the staging directory. */
  readonly staging: Name
  /** A change as a plan would hold it that was made now. */
  readonly change: (action: Action, path: RelativePath) => ChangeToMake
  readonly entry: (side: Side, path: RelativePath) => Entry | undefined
  /** How often each fault struck so far. */
  readonly struck: () => readonly number[]
  /** Lets go of all that is held and removes the staging directory. */
  readonly close: () => void
}

export interface Place {
  readonly path: string
  readonly source: string
  readonly replica: string
  /** May be called once a test. */
  readonly open: (opening: Opening) => Ground
}

/** What is being made, as faults know it: by its number in the part of the first thread. */
export function staged(name: string | number): RegExp {
  return new RegExp(String.raw`^\.facsimile-[0-9a-f]{32}/0/${name}$`)
}

/** A temporary beside the entry it is for. */
export const beside: RegExp = /(?:^|\/)\.facsimile-[0-9a-f]{32}$/

export function useGround(): Place {
  const temporary = useTemporaryDirectory()
  const ends: (() => void)[] = []
  const paths = {
    get path() {
      return temporary.path
    },
    get source() {
      return join(temporary.path, 'source')
    },
    get replica() {
      return join(temporary.path, 'replica')
    },
  }
  afterEach(() => {
    for (const end of ends.splice(0)) end()
  })
  return Object.assign(Object.create(paths) as typeof paths, {
    open: (opening: Opening): Ground => {
      writeTree(paths.source, opening.source ?? {})
      writeTree(paths.replica, opening.replica ?? {})
      const faults = faulty(opening.faults ?? [])
      const { ground, close } = openGround(paths, opening, faults)
      ends.push(() => {
        close()
        expect(faults.openHandles, 'handles left open').toBe(0)
        expect(faults.struck.indexOf(0), 'a fault that was never met').toBe(-1)
      })
      return ground
    },
  })
}

function openGround(
  paths: Record<Side, string>,
  { wrap = tree => tree, context }: Opening,
  faults: Faulty,
): { readonly ground: Ground; readonly close: () => void } {
  const way = canHoldByProc() ? holding : 'paths'
  const roots = {
    source: openRoot('source', paths.source, way),
    replica: openRoot('replica', paths.replica, way),
  }
  const plain = { source: openLocalTree(roots.source.spec), replica: openLocalTree(roots.replica.spec) }
  const data = faults.internals.decorator?.data
  const source = decorate(wrap(plain.source), data)
  const replica = decorate(plain.replica, data)
  const held = { source: new HeldDirectories(source), replica: new HeldDirectories(replica) }
  const linkedTo = new HeldDirectories(replica)
  const { rights = ownerRights(), ...given } = context ?? {}
  const made = makeStaging(plain.replica, rights)
  const staging = made.name
  let own: ThreadStaging | undefined
  const close = once(() => {
    held.source.close()
    held.replica.close()
    linkedTo.close()
    own?.close()
    removeStaging(plain.replica, made)
  })
  const entry = (side: Side, path: RelativePath): Entry | undefined => {
    const at = new HeldDirectories(plain[side])
    try {
      return path === ''
        ? plain[side].root.stat()
        : plain[side].stat(at.enter(parentPath(path)), baseName(path))
    } catch (error) {
      if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return undefined
      throw error
    } finally {
      at.close()
    }
  }
  const ground: Ground = {
    staging,
    entry,
    close,
    struck: () => faults.struck,
    change: (action, path) => ({
      action,
      path,
      directory: parentPath(path),
      name: baseName(path),
      source: action === 'delete' ? undefined : entry('source', path),
      replica: action === 'create' ? undefined : entry('replica', path),
    }),
    context: {
      source: { tree: source, held: held.source },
      replica: { tree: replica, held: held.replica },
      linkedTo,
      can: capabilitiesOf(way, rights, preserveAll, fullAbilities),
      settings: { hash: undefined, verify: false, sparse: true },
      hash: undefined,
      staging: () => (own ??= new ThreadStaging(replica, made, 0)),
      isAborted: () => false,
      buffers: new Buffers(),
      refused: new Refusals(),
      ...given,
    },
  }
  const closeAll = (): void => {
    close()
    roots.source.close()
    roots.replica.close()
  }
  return { ground, close: closeAll }
}

function once(step: () => void): () => void {
  let isDone = false
  return () => {
    if (!isDone) step()
    isDone = true
  }
}

/** What a folder holds, by path: a file's content, `/` for a directory, `-> target`; staging directories left out. */
export function holds(folder: string): Readonly<Record<string, string>> {
  const entries = Object.entries(readTree(folder)).filter(
    ([path]) => !/^\.$|^\.facsimile-[0-9a-f]{32}\b/.test(path),
  )
  return Object.fromEntries(
    entries.map(([path, { kind, content, target }]) => [
      path,
      kind === 'directory' ? '/' : kind === 'symlink' ? `-> ${target}` : (content ?? kind),
    ]),
  )
}

/** What lies in the first thread's part of the staging directory. */
export function leftStaged(replica: string, { staging }: Ground): readonly string[] {
  const inStaging = `${staging}/0/`
  return Object.keys(readTree(replica)).flatMap(path =>
    path.startsWith(inStaging) ? [path.slice(inStaging.length)] : [],
  )
}

/** How a step fails: the side and reason where they are known, else the system's name of the error. */
export function failureOf(step: () => unknown): string {
  try {
    step()
  } catch (error) {
    if (!(error instanceof ChangeFailure)) return errnoOf(error) ?? String(error)
    return error.reason === 'system'
      ? `${error.side} ${errnoOf(error.cause)}`
      : `${error.side} ${error.reason}`
  }
  return 'none'
}

/**
 * Faults and races, planted through the port: a call on a tree fails, or somebody moves while it is made. Calls
 * are counted over all threads of a run, and a test asks afterwards whether each fault was met.
 */
import type { Side } from '@facsimile/core'
import type { Internals } from '../../packages/core/dist/internals.js'
import { cells } from './faulty-tree.mjs'

/** What a tree does, or what is done with something held open. */
export type TreeCall =
  | 'openDirectory'
  | 'openParent'
  | 'list'
  | 'stat'
  | 'xattrs'
  | 'readLink'
  | 'openFile'
  | 'pin'
  | 'createFile'
  | 'reopenFile'
  | 'makeDirectory'
  | 'makeLink'
  | 'link'
  | 'makeSpecial'
  | 'rename'
  | 'unlink'
  | 'removeDirectory'
  | 'flush'
  | `handle.${'stat' | 'setOwner' | 'setMode' | 'setMtime' | 'xattrs' | 'setXattr' | 'read' | 'write' | 'close'}`
  | `handle.${'seek' | 'setSize' | 'punchHole' | 'nextData' | 'shareBlocks' | 'copyFrom' | 'flush'}`

export type Fault = {
  readonly side: Side
  readonly call: TreeCall
  /** What the call is about, from the root: a renamed entry is known by where it goes. Anything unless told. */
  readonly path?: string | RegExp
  /** The first of these calls it strikes, from 1; it strikes so many in a row, all unless told. */
  readonly nth?: number
  readonly times?: number
  /** The system's name of the error, such as `EIO`. */
  readonly errno?: string
  /** Done first, by absolute paths. */
  readonly race?: readonly RaceStep[]
  /** Strikes when the call has been made. */
  readonly after?: boolean
  /** A read gives, and the system copies, no more than so many bytes; a list has no more than so many names. */
  readonly most?: number
  /** A write writes other bytes than those it was given. */
  readonly garbles?: boolean
}

export type RaceStep =
  | { readonly do: 'remove' | 'mkdir' | 'fifo'; readonly path: string }
  | { readonly do: 'rename' | 'link'; readonly from: string; readonly to: string }
  /**
   * Puts something else in the place of what is there, if it is: the very directory, which moves there, or another name
   * of the file. A `*` at the end of the path stands for the rest of the only name that begins so.
   */
  | { readonly do: 'trap'; readonly path: string; readonly with: string }
  | { readonly do: 'symlink'; readonly path: string; readonly target: string }
  | { readonly do: 'write' | 'append'; readonly path: string; readonly content: string }
  | { readonly do: 'truncate'; readonly path: string; readonly size: number }
  /** What is at `from`, at another place, too; the test tells its mounts of it. */
  | { readonly do: 'bind'; readonly from: string; readonly path: string }
  /** Of a file system, by its root. */
  | { readonly do: 'cut power' | 'remount read-only'; readonly path: string }
  | { readonly do: 'signal'; readonly signal: NodeJS.Signals }

/** Plain data: it goes to every thread. */
export type FaultyData = { readonly faults: readonly Fault[]; readonly counts: SharedArrayBuffer }

export class Faulty {
  readonly internals: Internals
  readonly #faults: readonly Fault[]
  readonly #counts: Int32Array

  constructor(faults: readonly Fault[], threads: boolean) {
    this.#faults = faults
    const counts = new SharedArrayBuffer((cells(faults.length).inThreads + 1) * Int32Array.BYTES_PER_ELEMENT)
    this.#counts = new Int32Array(counts)
    const module = new URL('./faulty-tree.mjs', import.meta.url).href
    const data: FaultyData = { faults, counts }
    this.internals = { decorator: { module, data }, threadsAtOnce: threads }
  }

  /** How often each fault struck. */
  get struck(): readonly number[] {
    const from = this.#faults.length
    return this.#faults.map((_, index) => Atomics.load(this.#counts, from + index))
  }

  /** Handles that were opened and not closed, roots left out. */
  get openHandles(): number {
    return this.#cell('open')
  }

  /** Calls that were made in the caller's thread, and in worker threads. */
  get calls(): { readonly inMain: number; readonly inThreads: number } {
    return { inMain: this.#cell('inMain'), inThreads: this.#cell('inThreads') }
  }

  #cell(which: 'open' | 'inMain' | 'inThreads'): number {
    return Atomics.load(this.#counts, cells(this.#faults.length)[which])
  }
}

/** Plants faults; with `threads` the run uses worker threads from its beginning. */
export function faulty(faults: readonly Fault[], threads = false): Faulty {
  return new Faulty(faults, threads)
}

/** Puts a link in the place of what is at a path, which is kept under another name. */
export function swapForLink(path: string, target: string): readonly RaceStep[] {
  return [
    { do: 'rename', from: path, to: `${path}.was` },
    { do: 'symlink', path, target },
  ]
}

/**
 * Walks a tree of any depth without a path that grows. On Linux the directory one stands in is held open and
 * its entries are named `/proc/PID/fd/N/name`, so neither PATH_MAX nor a swapped parent matters. Only the
 * newest directories are held: on the way up an older one is opened again by `..` and must be the directory
 * that was left. Elsewhere plain paths are used.
 */
import type { Buffer } from 'node:buffer'
import { closeSync, constants, existsSync, fstatSync, openSync, readdirSync, realpathSync } from 'node:fs'
import { type Bytes, bufferOf, bytesOf, show, textOf } from './byte-names.js'

/** A root as tests have it: a path as text, or as bytes. */
export type Root = string | Buffer

type Frame = {
  readonly name: Bytes
  readonly identity: string
  /** The descriptor, undefined where it was given up for a time. */
  fd: number | undefined
  path: string
}

const mostHeld = 32
// By number and not `self`, so that the path is good in a program we start, too.
const descriptors = `/proc/${process.pid}/fd`
const proc = existsSync(descriptors)
const openDirectory = constants.O_RDONLY | (constants.O_DIRECTORY ?? 0) | (constants.O_NOFOLLOW ?? 0)

export class HeldDirectories {
  readonly #frames: Frame[] = []

  constructor(root: Root) {
    const real = realpathSync(root, { encoding: 'buffer' })
    this.#frames.push(open(real, '' as Bytes))
  }

  /** How many directories below the root. */
  get depth(): number {
    return this.#frames.length - 1
  }

  /** The names from the root to where one stands. */
  get names(): readonly Bytes[] {
    return this.#frames.slice(1).map(frame => frame.name)
  }

  /** A path for the directory one stands in, good until the next step. */
  get here(): Buffer {
    return bufferOf(`${this.#top.path}/.`)
  }

  /** A path for an entry of it. */
  at(name: Bytes): Buffer {
    return bufferOf(`${this.#top.path}/${name}`)
  }

  /** The names in it, in byte order. */
  list(): Bytes[] {
    return (readdirSync(this.here, 'latin1') as Bytes[]).sort()
  }

  /** Steps into a sub-directory, never through a link. */
  down(name: Bytes): void {
    this.#frames.push(open(this.at(name), name))
    const old = this.#frames[this.#frames.length - 1 - mostHeld]
    // The root stays: it is where a lost way starts again.
    if (old !== undefined && old !== this.#frames[0]) release(old)
  }

  up(): void {
    const left = this.#frames.pop()
    if (left === undefined || this.#frames.length === 0) throw new Error('already at the root')
    try {
      if (proc && this.#top.fd === undefined) this.#reopen(this.#top, left)
    } finally {
      release(left)
    }
  }

  /** Stands in the directory with these names below the root. */
  goTo(names: readonly Bytes[]): void {
    let same = 0
    while (same < names.length && this.#frames[same + 1]?.name === names[same]) same += 1
    while (this.depth > same) this.up()
    for (const name of names.slice(same)) this.down(name)
  }

  close(): void {
    for (const frame of this.#frames) release(frame)
    this.#frames.length = 0
  }

  get #top(): Frame {
    const top = this.#frames.at(-1)
    if (top === undefined) throw new Error('closed')
    return top
  }

  #reopen(parent: Frame, left: Frame): void {
    let found: Frame
    try {
      found = open(bufferOf(`${left.path}/..`), parent.name)
    } catch {
      // A directory one may list but not search has no `..`: go down again from the root.
      found = this.#descend()
    }
    if (found.identity !== parent.identity) {
      release(found)
      throw new Error(`${show(textOf(parent.name))} was moved while it was walked`)
    }
    parent.fd = found.fd
    parent.path = found.path
  }

  #descend(): Frame {
    let at = this.#frames[0] as Frame
    for (const { name } of this.#frames.slice(1)) {
      const next = open(bufferOf(`${at.path}/${name}`), name)
      if (at !== this.#frames[0]) release(at)
      at = next
    }
    return at
  }
}

function open(path: Buffer, name: Bytes): Frame {
  if (!proc) return { name, identity: '', fd: undefined, path: bytesOf(path) }
  const fd = openSync(path, openDirectory)
  const { dev, ino } = fstatSync(fd, { bigint: true })
  return { name, identity: `${dev}:${ino}`, fd, path: `${descriptors}/${fd}` }
}

function release(frame: Frame): void {
  if (frame.fd !== undefined) closeSync(frame.fd)
  frame.fd = undefined
}

/** Snapshots of trees, to be compared by `toEqual`: plain, flat, in order of the paths' bytes. */
import type { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { type BigIntStats, lstatSync, readFileSync, readlinkSync } from 'node:fs'
import { type Bytes, bytesOf, textOf } from './byte-names.js'
import { type EntryKind, deviceOf, kindOf, octal } from './entry-kind.js'
import { HeldDirectories, type Root } from './held-directories.js'
import { floorTo } from './times.js'
import { type LiteralNode, type TreeLiteral, linkedNode, rootOf, stepsOf } from './tree-literal.js'

export type SnapshotEntry = {
  readonly kind: EntryKind
  /** Octal; a link's own is no attribute. */
  readonly mode?: string
  readonly uid: number
  readonly gid: number
  readonly mtimeNs: string
  readonly size?: number
  /** The content, or its hash where it is long. */
  readonly content?: string
  readonly target?: string
  readonly device?: string
  /** Every path in this tree of a file that has more than one. */
  readonly hardLinks?: readonly string[]
}

/** By path; the root itself is `.`. */
export type Snapshot = Readonly<Record<string, SnapshotEntry>>

export type SnapshotOptions = {
  /** Times are floored to it; a microsecond unless told, as that is what Node can set. */
  readonly precisionNs?: bigint
}

/** What is at a path, for trees of modest depth: paths are the keys. */
export function readTree(root: Root, options: SnapshotOptions = {}): Snapshot {
  const at = new HeldDirectories(root)
  const found = new Found()
  try {
    const top = lstatSync(at.here, { bigint: true })
    found.add('.' as Bytes, describe(at.here, top, options), undefined)
    const levels = [at.list().reverse()]
    for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
      const name = level.pop()
      if (name === undefined) {
        levels.pop()
        if (levels.length > 0) at.up()
        continue
      }
      const stats = lstatSync(at.at(name), { bigint: true })
      const shared = stats.nlink > 1n && !stats.isDirectory() ? `${stats.dev}:${stats.ino}` : undefined
      found.add([...at.names, name].join('/') as Bytes, describe(at.at(name), stats, options), shared)
      if (!stats.isDirectory()) continue
      at.down(name)
      levels.push(at.list().reverse())
    }
  } finally {
    at.close()
  }
  return found.snapshot()
}

/** What readTree will find where writeTree has written this literal. */
export function snapshotOf(tree: TreeLiteral | LiteralNode, options: SnapshotOptions = {}): Snapshot {
  const root = rootOf(tree)
  const found = new Found()
  const names: Bytes[] = []
  for (const { step, name, node } of stepsOf(root)) {
    if (step === 'leave') {
      names.pop()
      continue
    }
    const path = name === undefined ? ('.' as Bytes) : ([...names, name].join('/') as Bytes)
    if (node.is.kind === 'hard link') {
      found.add(path, expected(linkedNode(root, node.is.to), options), node.is.to.join('/'))
    } else {
      found.add(path, expected(node, options), path)
    }
    if (step === 'enter' && name !== undefined) names.push(name)
  }
  return found.snapshot()
}

/** Collects entries, and the paths of those that are one file. */
class Found {
  readonly #entries: {
    readonly path: Bytes
    readonly entry: SnapshotEntry
    readonly file: string | undefined
  }[] = []
  readonly #paths = new Map<string | undefined, Bytes[]>()

  add(path: Bytes, entry: SnapshotEntry, file: string | undefined): void {
    this.#entries.push({ path, entry, file })
    if (file === undefined) return
    const paths = this.#paths.get(file)
    if (paths === undefined) this.#paths.set(file, [path])
    else paths.push(path)
  }

  snapshot(): Snapshot {
    const sorted = this.#entries.sort((a, b) => (a.path < b.path ? -1 : 1))
    return Object.fromEntries(
      sorted.map(({ path, entry, file }) => {
        const paths = this.#paths.get(file) ?? []
        const hardLinks = paths.length > 1 ? { hardLinks: paths.sort().map(textOf) } : {}
        return [textOf(path), { ...entry, ...hardLinks }]
      }),
    )
  }
}

function describe(path: Buffer, stats: BigIntStats, options: SnapshotOptions): SnapshotEntry {
  const kind = kindOf(stats)
  return {
    kind,
    ...(kind === 'symlink' ? {} : { mode: octal(stats.mode) }),
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    mtimeNs: String(floorTo(options.precisionNs ?? 1000n, stats.mtimeNs)),
    ...(kind === 'file' ? contentOf(readFileSync(path)) : {}),
    ...(kind === 'symlink' ? { target: textOf(bytesOf(readlinkSync(path, 'buffer'))) } : {}),
    ...(kind.endsWith('device') ? { device: deviceOf(stats) } : {}),
  }
}

function expected({ is, common }: LiteralNode, options: SnapshotOptions): SnapshotEntry {
  if (is.kind === 'hard link') throw new Error('a hard link to a hard link')
  return {
    kind: is.kind,
    ...(is.kind === 'symlink' ? {} : { mode: octal(common.mode) }),
    uid: common.uid ?? process.getuid?.() ?? 0,
    gid: common.gid ?? process.getgid?.() ?? 0,
    mtimeNs: String(floorTo(options.precisionNs ?? 1000n, common.mtime)),
    ...(is.kind === 'file' ? contentOf(is.content) : {}),
    ...(is.kind === 'symlink' ? { target: textOf(is.target) } : {}),
    ...('major' in is ? { device: `${is.major}:${is.minor}` } : {}),
  }
}

const longestShown = 200

function contentOf(content: Buffer): Pick<SnapshotEntry, 'size' | 'content'> {
  const shown =
    content.length <= longestShown
      ? textOf(bytesOf(content))
      : `sha1 ${createHash('sha1').update(content).digest('hex')}`
  return { size: content.length, content: shown }
}

/** Small trees edited by what fast-check thinks of, so that a counterexample is a short list of edits. */
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'

const words = ['write', 'write', 'make', 'move', 'move', 'swap', 'chmod', 'touch', 'remove'] as const

export type SmallEdit = {
  readonly does: (typeof words)[number]
  /** Which entry and which directory, of those that there are then. */
  readonly entry: number
  readonly into: number
  readonly name: string
}

export const smallEdit: fc.Arbitrary<SmallEdit> = fc.record({
  does: fc.constantFrom(...words),
  entry: fc.nat(50),
  into: fc.nat(50),
  name: fc.constantFrom('a', 'b', 'c', 'd'),
})

/** All paths below a folder, sorted. */
function pathsIn(root: string, below: string = ''): readonly string[] {
  return readdirSync(join(root, below))
    .sort()
    .flatMap(name => {
      const path = join(below, name)
      return lstatSync(join(root, path)).isDirectory() ? [path, ...pathsIn(root, path)] : [path]
    })
}

let writes = 0

/** Does one edit, if it can be done. */
export function doEdit(root: string, { does, entry, into, name }: SmallEdit): void {
  const all = pathsIn(root)
  const isDirectory = (path: string): boolean => lstatSync(join(root, path)).isDirectory()
  const directories = ['', ...all.filter(isDirectory)]
  const target = join(directories[into % directories.length] ?? '', name)
  const picked = all.length === 0 ? undefined : all[entry % all.length]
  const other = all.length === 0 ? undefined : all[into % all.length]
  const isThere = all.includes(target)
  if (does === 'write' && !(isThere && isDirectory(target))) {
    // Never the same bytes, nor the same size, twice in a row: each write is seen.
    writes += 1
    writeFileSync(join(root, target), `${writes}:`.padEnd(8 + (writes % 50), 'x'))
  } else if (does === 'make' && !isThere) mkdirSync(join(root, target))
  if (picked === undefined || other === undefined) return
  if (does === 'move' && !isAbove(picked, target) && !isAbove(target, picked)) {
    rmSync(join(root, target), { recursive: true, force: true })
    renameSync(join(root, picked), join(root, target))
  } else if (does === 'swap' && !isAbove(picked, other) && !isAbove(other, picked)) {
    renameSync(join(root, picked), join(root, 'aside'))
    renameSync(join(root, other), join(root, picked))
    renameSync(join(root, 'aside'), join(root, other))
  } else if (does === 'chmod') chmodSync(join(root, picked), (into % 2 === 0 ? 0o700 : 0o755) + (entry % 2))
  else if (does === 'touch' && !isDirectory(picked)) utimesSync(join(root, picked), into, 1_000_000 + entry)
  else if (does === 'remove') rmSync(join(root, picked), { recursive: true })
}

function isAbove(above: string, path: string): boolean {
  return `${path}/`.startsWith(`${above}/`)
}

export type Seen = ReadonlyMap<string, SeenEntry>

/** What an entry is; of a directory without what it holds. */
export type SeenEntry = {
  readonly kind: 'file' | 'directory'
  readonly mode: number
  readonly inode: bigint
  readonly text: string
  readonly mtimeNs: bigint
  /** It has this, whoever gave it the same again. */
  readonly ctimeNs: bigint
  /** Of a directory: moved by all that comes or goes, and by whoever gives it attributes. */
  readonly movedNs?: bigint
  /** Of a directory: what it holds, as the clock may not have moved since. */
  readonly names?: readonly string[]
}

/** The root is the empty path. */
export function look(root: string): Seen {
  return new Map(['', ...pathsIn(root)].map(path => [path, seen(join(root, path))]))
}

function seen(path: string): SeenEntry {
  const { mode, ino, mtimeNs, ctimeNs } = lstatSync(path, { bigint: true })
  const isDirectory = lstatSync(path).isDirectory()
  const known = { mode: Number(mode) & 0o7777, inode: ino }
  if (isDirectory)
    return {
      ...known,
      kind: 'directory',
      text: '',
      mtimeNs: 0n,
      ctimeNs: 0n,
      movedNs: ctimeNs,
      names: readdirSync(path).map(name => `${lstatSync(join(path, name)).ino} ${name}`),
    }
  return { ...known, kind: 'file', text: readFileSync(path, 'latin1'), mtimeNs, ctimeNs }
}

/** Whether two looks saw the same, and nothing was done to it in between. */
export function isSame(one: SeenEntry | undefined, other: SeenEntry | undefined): boolean {
  return JSON.stringify(one, asText) === JSON.stringify(other, asText)
}

/** Nor to what it holds, if it is a directory. */
export function isUnmoved(one: SeenEntry | undefined, other: SeenEntry | undefined): boolean {
  return (
    isSame(one, other) && one?.movedNs === other?.movedNs && one?.names?.join('/') === other?.names?.join('/')
  )
}

/** Whether one is a copy of the other, as exact as plain Node can make it. */
export function isCopy(one: SeenEntry | undefined, other: SeenEntry | undefined): boolean {
  if (one === undefined || other === undefined) return one === other
  const { mtimeNs: a } = one
  const { mtimeNs: b } = other
  const known = { inode: 0n, ctimeNs: 0n, mtimeNs: 0n }
  return (a - b) ** 2n < 4_000_000n && isSame({ ...one, ...known }, { ...other, ...known })
}

function asText(key: string, value: unknown): unknown {
  if (key === 'movedNs' || key === 'names') return undefined
  return typeof value === 'bigint' ? String(value) : value
}

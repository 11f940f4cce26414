/**
 * The independent judge: walks two trees side by side and names every difference. It imports nothing of what
 * it judges, opens directories and regular files only, follows no link and does not recurse. What is on one
 * side only is named once, not with all below it.
 */
import { type BigIntStats, lstatSync, readlinkSync } from 'node:fs'
import { type Bytes, bytesOf, textOf } from './byte-names.js'
import { attributeDifferences } from './compare-attributes.js'
import { compareFiles } from './compare-files.js'
import { type ComparedAttribute, type Difference, showDifferences } from './differences.js'
import { deviceOf, isRoot, kindOf, octal } from './entry-kind.js'
import { HardLinkGroups } from './hard-link-groups.js'
import { HeldDirectories, type Root } from './held-directories.js'
import { floorTo, showInstant } from './times.js'

export type CompareOptions = {
  /** Times are floored to it; a microsecond unless told. */
  readonly precisionNs?: bigint
  /** Compare uid and gid; unless told, when root. */
  readonly owner?: boolean
  readonly mode?: boolean
  /** `files` leaves out those of directories. */
  readonly times?: boolean | 'files'
  /** Compare which paths are one file; not unless told. */
  readonly hardLinks?: boolean
  /** Compare extended attributes and access control lists; not unless told. Takes a program, about 20 ms. */
  readonly attributes?: boolean
  /** Compare what is allocated for files, which may differ by so many bytes; not unless told. */
  readonly blocksWithin?: number
  /** Leaves out an entry and all below it. */
  readonly ignore?: (path: string) => boolean
}

/** All that there is to compare, to the nanosecond. */
export const exactly: CompareOptions = { precisionNs: 1n, hardLinks: true, attributes: true }

export function compareTrees(
  source: Root,
  replica: Root,
  options: CompareOptions = {},
): readonly Difference[] {
  const sides = { source: new HeldDirectories(source), replica: new HeldDirectories(replica) }
  try {
    const comparison = new Comparison(sides, options)
    const found = comparison.run()
    if (options.attributes !== true) return found
    const its = attributeDifferences(source, replica, path => comparison.compared.has(path))
    return [...found, ...its.map(it => ({ ...it, attribute: 'extended attribute' as const }))]
  } finally {
    sides.source.close()
    sides.replica.close()
  }
}

/** Throws with the first differences when the trees are not equal. */
export function expectEqualTrees(source: Root, replica: Root, options: CompareOptions = {}): void {
  const differences = compareTrees(source, replica, options)
  if (differences.length > 0) throw new Error(showDifferences(differences))
}

type Sides = { readonly source: HeldDirectories; readonly replica: HeldDirectories }

class Comparison {
  /** The paths that are on both sides, as the same kind. */
  readonly compared = new Set<string>()
  readonly #sides: Sides
  readonly #options: CompareOptions
  readonly #found: Difference[] = []
  readonly #linkGroups = { source: new HardLinkGroups(), replica: new HardLinkGroups() }

  constructor(sides: Sides, options: CompareOptions) {
    this.#sides = sides
    this.#options = options
  }

  run(): readonly Difference[] {
    const { source, replica } = this.#sides
    this.#compareEntry(undefined)
    const levels = [this.#listBoth()]
    for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
      const name = level.pop()
      if (name === undefined) {
        levels.pop()
        if (levels.length === 0) break
        source.up()
        replica.up()
      } else if (this.#options.ignore?.(this.#pathOf(name)) !== true && this.#compareEntry(name)) {
        if (this.#descend(name)) levels.push(this.#listBoth())
      }
    }
    for (const { path, inSource, inReplica } of this.#linkGroups.source.differencesTo(
      this.#linkGroups.replica,
    )) {
      this.#found.push({ path, attribute: 'hard links', source: inSource, replica: inReplica })
    }
    return this.#found
  }

  /** The names of both sides, last first. */
  #listBoth(): Bytes[] {
    const { source, replica } = this.#sides
    const names = source.list()
    const others = replica.list()
    const same = names.length === others.length && names.every((name, index) => name === others[index])
    return same ? names.reverse() : [...new Set([...names, ...others])].sort().reverse()
  }

  #descend(name: Bytes): boolean {
    const { source, replica } = this.#sides
    try {
      source.down(name)
    } catch (error) {
      this.#differ(name, 'readable', String(error), 'not tried')
      return false
    }
    try {
      replica.down(name)
    } catch (error) {
      source.up()
      this.#differ(name, 'readable', 'yes', String(error))
      return false
    }
    return true
  }

  /** True for a directory on both sides. */
  #compareEntry(name: Bytes | undefined): boolean {
    let source: BigIntStats | undefined
    let replica: BigIntStats | undefined
    try {
      source = lstat(this.#sides.source, name)
      replica = lstat(this.#sides.replica, name)
    } catch (error) {
      this.#differ(name, 'readable', String(error), String(error))
      return false
    }
    if (source === undefined || replica === undefined) {
      this.#differ(name, 'presence', source ? kindOf(source) : 'absent', replica ? kindOf(replica) : 'absent')
      return false
    }
    if (!this.#same(name, 'kind', kindOf(source), kindOf(replica))) return false
    if (this.#options.attributes === true) this.compared.add(this.#pathOf(name))
    this.#compareAttributes(name, source, replica)
    if (name === undefined || source.isDirectory()) return true
    this.#compareContents(name, source, replica)
    if (this.#options.hardLinks === true) {
      const path = this.#pathOf(name)
      this.#linkGroups.source.add(path, source)
      this.#linkGroups.replica.add(path, replica)
    }
    return false
  }

  #compareAttributes(name: Bytes | undefined, source: BigIntStats, replica: BigIntStats): void {
    const { mode = true, owner = isRoot, times = true, precisionNs = 1000n } = this.#options
    if (mode && !source.isSymbolicLink() && ((source.mode ^ replica.mode) & 0o7777n) !== 0n) {
      this.#differ(name, 'mode', octal(source.mode), octal(replica.mode))
    }
    if (owner) {
      this.#same(name, 'uid', source.uid, replica.uid)
      this.#same(name, 'gid', source.gid, replica.gid)
    }
    const timed = times === 'files' ? !source.isDirectory() : times
    if (timed && floorTo(precisionNs, source.mtimeNs) !== floorTo(precisionNs, replica.mtimeNs)) {
      this.#differ(name, 'mtime', showInstant(source.mtimeNs), showInstant(replica.mtimeNs))
    }
  }

  #compareContents(name: Bytes, source: BigIntStats, replica: BigIntStats): void {
    const paths = { source: this.#sides.source.at(name), replica: this.#sides.replica.at(name) }
    switch (kindOf(source)) {
      case 'file':
        if (this.#same(name, 'size', source.size, replica.size) && source.size > 0n) this.#compareBytes(name)
        this.#compareBlocks(name, source, replica)
        break
      case 'symlink': {
        const targets = [readlinkSync(paths.source, 'buffer'), readlinkSync(paths.replica, 'buffer')] as const
        this.#same(name, 'target', textOf(bytesOf(targets[0])), textOf(bytesOf(targets[1])))
        break
      }
      case 'character device':
      case 'block device':
        this.#same(name, 'device', deviceOf(source), deviceOf(replica))
        break
      case 'fifo':
      case 'socket':
      case 'directory':
        break
    }
  }

  #compareBlocks(name: Bytes, source: BigIntStats, replica: BigIntStats): void {
    const { blocksWithin = Infinity } = this.#options
    const [inSource, inReplica] = [512 * Number(source.blocks), 512 * Number(replica.blocks)]
    if (Math.abs(inSource - inReplica) <= blocksWithin) return
    this.#differ(name, 'blocks', `${inSource} bytes`, `${inReplica} bytes`)
  }

  #compareBytes(name: Bytes): void {
    const { source, replica } = this.#sides
    try {
      const different = compareFiles(source.at(name), replica.at(name))
      if (different === undefined) return
      const where = `byte ${different.at} is`
      this.#differ(name, 'content', `${where} ${different.source}`, `${where} ${different.replica}`)
    } catch (error) {
      this.#differ(name, 'readable', String(error), String(error))
    }
  }

  #same(name: Bytes | undefined, attribute: ComparedAttribute, source: unknown, replica: unknown): boolean {
    if (source === replica) return true
    this.#differ(name, attribute, String(source), String(replica))
    return false
  }

  #differ(name: Bytes | undefined, attribute: ComparedAttribute, source: string, replica: string): void {
    this.#found.push({ path: this.#pathOf(name), attribute, source, replica })
  }

  #pathOf(name: Bytes | undefined): string {
    return name === undefined ? '.' : textOf([...this.#sides.source.names, name].join('/') as Bytes)
  }
}

function lstat(side: HeldDirectories, name: Bytes | undefined): BigIntStats | undefined {
  const path = name === undefined ? side.here : side.at(name)
  return lstatSync(path, { bigint: true, throwIfNoEntry: false })
}

/** Single edits of a real tree, each done on the disk and in the model alike. Never outside the root. */
import type { Buffer } from 'node:buffer'
import {
  chmodSync,
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  lchownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { type Bytes, bufferOf } from './byte-names.js'
import { octal } from './entry-kind.js'
import { editEntries } from './extended-attributes.js'
import { HeldDirectories, type Root } from './held-directories.js'
import type { Random } from './random.js'
import { attributeNames, randomAttribute } from './random-attribute.js'
import { randomContent, randomInstant, randomMode, randomTarget } from './random-entry.js'
import { removeEntry } from './remove-tree.js'
import { makeSpecialFile } from './special-files.js'
import { setMtime, showInstant } from './times.js'
import { type ModelEntry, type TreeModel, namesOf } from './tree-model.js'

/** What an edit can make. */
export type MadeKind = 'file' | 'directory' | 'symlink' | 'fifo'

export class TreeEditor {
  readonly #model: TreeModel
  readonly #random: Random
  readonly #at: HeldDirectories
  readonly #other: HeldDirectories

  constructor(root: Root, model: TreeModel, random: Random) {
    this.#model = model
    this.#random = random
    this.#at = new HeldDirectories(root)
    this.#other = new HeldDirectories(root)
  }

  close(): void {
    this.#at.close()
    this.#other.close()
  }

  create(parent: ModelEntry, name: Bytes, kind: MadeKind): ModelEntry {
    this.#at.goTo(namesOf(parent))
    const path = this.#at.at(name)
    if (kind === 'file') writeFileSync(path, randomContent(this.#random), { flag: 'wx' })
    else if (kind === 'symlink') symlinkSync(bufferOf(randomTarget(this.#random)), path)
    else if (kind === 'directory') mkdirSync(path)
    else makeSpecialFile(path, { kind }, this.#at.here.toString())
    if (kind === 'file' || kind === 'directory') chmodSync(path, randomMode(this.#random, kind))
    setMtime(path, randomInstant(this.#random))
    this.#leave()
    return this.#model.add(parent, name, kind)
  }

  createHardLink(parent: ModelEntry, name: Bytes, to: ModelEntry): void {
    this.#at.goTo(namesOf(parent))
    const path = this.#pathOf(to, this.#other)
    linkSync(path, this.#at.at(name))
    this.#leave()
    this.#model.add(parent, name, 'file')
  }

  remove(entry: ModelEntry): void {
    this.#at.goTo(namesOf(entry).slice(0, -1))
    removeEntry(this.#at, entry.name)
    this.#leave()
    this.#model.remove(entry)
  }

  rename(entry: ModelEntry, parent: ModelEntry, name: Bytes): void {
    const path = this.#pathOf(entry, this.#at)
    this.#other.goTo(namesOf(parent))
    renameSync(path, this.#other.at(name))
    this.#leave()
    this.#model.move(entry, parent, name)
  }

  chmod(entry: ModelEntry): string {
    const path = this.#pathOf(entry)
    const old = lstatSync(path).mode & 0o7777
    const kind = entry.kind === 'directory' ? 'directory' : 'file'
    let mode = old
    while (mode === old) mode = randomMode(this.#random, kind)
    chmodSync(path, mode)
    this.#leave()
    return octal(mode)
  }

  chown(entry: ModelEntry): string {
    const owner = [this.#random.pick([0, 1, 1000, 65_534]), this.#random.pick([0, 2, 1001])] as const
    lchownSync(this.#pathOf(entry), ...owner)
    this.#leave()
    return owner.join(':')
  }

  touch(entry: ModelEntry): string {
    const instant = randomInstant(this.#random)
    setMtime(this.#pathOf(entry), instant)
    this.#leave()
    return showInstant(instant)
  }

  /** Sets or removes one that entries of its kind may have. */
  attribute(entry: ModelEntry): string {
    const names = attributeNames[entry.kind] ?? ['trusted.t']
    const name = this.#random.pick(names) ?? 'trusted.t'
    const value = randomAttribute(this.#random, name)
    const path = this.#pathOf(entry).toString('latin1') as Bytes
    editEntries('/', [{ path, name, value }])
    this.#leave()
    return `set ${name} of`
  }

  retarget(entry: ModelEntry): void {
    const path = this.#pathOf(entry)
    unlinkSync(path)
    symlinkSync(bufferOf(randomTarget(this.#random)), path)
    setMtime(path, randomInstant(this.#random))
    this.#leave()
  }

  /** Changes some bytes in place and keeps the size; false for an empty file. */
  rewrite(entry: ModelEntry): boolean {
    return this.#write(entry, (fd, size) => {
      if (size === 0) return false
      const at = this.#random.below(size)
      const bytes = this.#random.bytes(Math.min(size - at, 1000))
      const old = bytes.subarray(0, 1).fill(0)
      readSync(fd, old, 0, 1, at)
      old[0] = (old[0] ?? 0) ^ 0xff
      writeSync(fd, bytes, 0, bytes.length, at)
      return true
    })
  }

  grow(entry: ModelEntry): boolean {
    const more = this.#random.bytes(this.#random.between(1, 10_000))
    return this.#write(entry, (fd, size) => writeSync(fd, more, 0, more.length, size) > 0)
  }

  /** False for an empty file. */
  truncate(entry: ModelEntry): boolean {
    return this.#write(entry, (fd, size) => {
      if (size > 0) ftruncateSync(fd, this.#random.chance(0.3) ? 0 : this.#random.below(size))
      return size > 0
    })
  }

  #write(entry: ModelEntry, change: (fd: number, size: number) => boolean): boolean {
    const path = this.#pathOf(entry)
    const mode = lstatSync(path).mode & 0o7777
    if ((mode & 0o600) !== 0o600) chmodSync(path, mode | 0o600)
    const fd = openSync(path, constants.O_RDWR | (constants.O_NOFOLLOW ?? 0))
    try {
      if (!change(fd, fstatSync(fd).size)) return false
      // Its own, or two edits within one tick of the clock would leave size and time as they were.
      setMtime(path, randomInstant(this.#random))
      return true
    } finally {
      closeSync(fd)
      chmodSync(path, mode)
      this.#leave()
    }
  }

  #pathOf(entry: ModelEntry, at: HeldDirectories = this.#at): Buffer {
    const names = namesOf(entry)
    const name = names.pop()
    at.goTo(names)
    return name === undefined ? at.here : at.at(name)
  }

  /** What is held must not outlast an edit: the next one may move or remove it. */
  #leave(): void {
    this.#at.goTo([])
    this.#other.goTo([])
  }
}

/**
 * Moves of what is alike: files of few contents, sizes and times, and directories that were copied with all their times, as
 * programs leave them that keep versions of a tree side by side. What has another path is never taken for what it is not.
 */
import { execFileSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { expectEqualTrees } from '../support/compare-trees.js'
import { mirror, settings, useFolders } from '../support/mirror.js'
import { Random } from '../support/random.js'

const folders = useFolders()
const seed = Number(process.env['FACSIMILE_TEST_SEED'] ?? randomInt(2 ** 31))
const names = ['a', 'b', 'c', 'd'].flatMap(letter => [0, 1, 2].map(number => letter + number))
const firstSecond = 1_600_000_000

interface Known {
  readonly size: bigint
  readonly mtimeNs: bigint
  readonly content: Buffer
}

class Versions {
  /** Ticks so far that are given to tell files apart. */
  private told = 9
  /** What the files, by their numbers, held when they were last mirrored. */
  private known = new Map<bigint, Known>()
  private readonly root: string
  private readonly random: Random
  private readonly nanoseconds: string

  /** @param nanoseconds that all times of files have, in nine digits: whole microseconds are how times look that are set */
  constructor(root: string, random: Random, nanoseconds: string) {
    this.root = root
    this.random = random
    this.nanoseconds = nanoseconds
    mkdirSync(root)
  }

  /** Whether it is to be mirrored before anything else is done. */
  edit(): boolean {
    const { random } = this
    const all = this.paths('')
    const directories = all.filter(path => this.isDirectory(path))
    const target = join(random.pick(['', ...directories]), random.pick(names) ?? 'a0')
    const what = random.pick([
      'make',
      'write',
      'write',
      'move',
      'move',
      'swap',
      'remove',
      'copy',
      'inside',
      'twin',
    ] as const)
    if (what === 'make' && !this.has(target)) mkdirSync(this.at(target))
    else if (what === 'write') this.write(target)
    else if (what === 'move' && all.length > 0) this.move(random.pick(all) ?? '', target)
    else if (what === 'swap' && all.length > 0) this.swap(random.pick(all) ?? '', random.pick(all) ?? '')
    else if (what === 'remove' && all.length > 30)
      rmSync(this.at(random.pick(all) ?? ''), { recursive: true })
    else if (what === 'inside' && directories.length > 0)
      this.swapInside(random.pick(directories) ?? '', target)
    else if (what === 'twin') this.leaveTwin(directories, target)
    else if (what === 'copy' && directories.length > 0)
      return this.copy(random.pick(directories) ?? '', target)
    return false
  }

  /** A file or path that keeps its size and time, and not what it holds, is nobody's to find without reading: it gets another. */
  tellAll(replica: string): void {
    for (const path of this.files()) {
      const before = join(replica, path)
      const now = this.look(path)
      const atPath = existsSync(before) && lstatSync(before).isFile() ? lookAt(before) : undefined
      if ([atPath, this.known.get(now.ino)].some(each => each !== undefined && isAlike(each, now)))
        this.setTime(path, (this.told += 1))
    }
  }

  /** To be called when all is mirrored. */
  remember(): void {
    this.known = new Map(this.files().map(path => [this.look(path).ino, this.look(path)]))
  }

  private at(path: string): string {
    return join(this.root, path)
  }

  private has(path: string): boolean {
    return existsSync(this.at(path))
  }

  private isDirectory(path: string): boolean {
    return lstatSync(this.at(path)).isDirectory()
  }

  private paths(directory: string): readonly string[] {
    return readdirSync(this.at(directory))
      .sort()
      .flatMap(name => {
        const path = join(directory, name)
        return this.isDirectory(path) ? [path, ...this.paths(path)] : [path]
      })
  }

  private files(): readonly string[] {
    return this.paths('').filter(path => !this.isDirectory(path))
  }

  private look(path: string): Known & { readonly ino: bigint } {
    return lookAt(this.at(path))
  }

  /** Node itself sets whole microseconds only. */
  private setTime(path: string, tick: number): void {
    execFileSync('touch', ['-d', `@${firstSecond + tick}.${this.nanoseconds}`, this.at(path)])
  }

  private content(length: number): string {
    return this.random.pick(['x', 'y', 'z'] as const).repeat(length)
  }

  private write(path: string): void {
    if (this.has(path) && this.isDirectory(path)) return
    writeFileSync(this.at(path), this.content(5 + this.random.below(2)))
    this.setTime(path, this.random.below(2))
  }

  private move(from: string, to: string): void {
    if (`${to}/`.startsWith(`${from}/`) || `${from}/`.startsWith(`${to}/`)) return
    rmSync(this.at(to), { recursive: true, force: true })
    // What was removed may have held either.
    if (this.has(from) && this.has(dirname(to))) renameSync(this.at(from), this.at(to))
  }

  private swap(one: string, other: string): void {
    if (`${one}/`.startsWith(`${other}/`) || `${other}/`.startsWith(`${one}/`)) return
    const aside = this.at('aside')
    renameSync(this.at(one), aside)
    renameSync(this.at(other), this.at(one))
    renameSync(aside, this.at(other))
  }

  /** Two files of one directory get each other's names, and what holds it another one. */
  private swapInside(directory: string, to: string): void {
    const [one, other] = this.random.shuffle(
      this.paths(directory).filter(path => !this.isDirectory(path) && dirname(path) === directory),
    )
    if (one === undefined || other === undefined) return
    this.swap(one, other)
    this.move(this.random.pick([directory, directory.split('/')[0] ?? '']), to)
  }

  /** Of two versions with one time one goes, and the other gets another path. */
  private leaveTwin(directories: readonly string[], to: string): void {
    const timeOf = (path: string): bigint => lstatSync(this.at(path), { bigint: true }).mtimeNs
    for (const one of this.random.shuffle(directories)) {
      const twin = directories.find(each => each !== one && timeOf(each) === timeOf(one))
      if (twin === undefined || twin.startsWith(`${one}/`) || one.startsWith(`${twin}/`)) continue
      rmSync(this.at(one), { recursive: true })
      this.move(twin, to)
      return
    }
  }

  /** Another version, of other contents: beside the first all times are the same, and in its place but those of directories. */
  private copy(from: string, to: string): boolean {
    if (this.has(to) || to.startsWith(`${from}/`)) return false
    execFileSync('cp', ['-a', this.at(from), this.at(to)])
    for (const path of this.paths(to).filter(each => !this.isDirectory(each))) {
      const { size } = lstatSync(this.at(path))
      writeFileSync(this.at(path), this.content(size))
      execFileSync('touch', ['-r', this.at(from + path.slice(to.length)), this.at(path)])
    }
    const isInPlace = this.random.chance(0.5)
    if (!isInPlace) return true
    rmSync(this.at(from), { recursive: true })
    for (const path of [to, ...this.paths(to)]) if (this.isDirectory(path)) this.touchNames(path)
    return false
  }

  /** As whoever makes a directory and fills it does. */
  private touchNames(directory: string): void {
    const file = this.at(join(directory, 'aside'))
    writeFileSync(file, '')
    rmSync(file)
  }
}

function lookAt(path: string): Known & { readonly ino: bigint } {
  const { size, mtimeNs, ino } = lstatSync(path, { bigint: true })
  return { size, mtimeNs, ino, content: readFileSync(path) }
}

/** Of other content, which only reading tells: a replica may keep whole microseconds. */
function isAlike(before: Known, now: Known): boolean {
  return (
    before.size === now.size &&
    before.mtimeNs / 1000n === now.mtimeNs / 1000n &&
    !before.content.equals(now.content)
  )
}

it.each(
  settings.flatMap(setting => [
    { ...setting, times: 'of the clock', nanoseconds: '123456789' },
    { ...setting, times: 'set by hand', nanoseconds: '000000000' },
  ]),
)(
  `versions that are alike are told apart ($held, $concurrency, times $times; seed ${seed})`,
  async ({ nanoseconds, ...setting }) => {
    const random = new Random(seed)
    const versions = new Versions(folders.source, random, nanoseconds)
    const options = { allowEmptySource: true, maxDelete: '100%' } as const
    let renamed = 0
    for (let edits = 0; edits < 60; edits += 1) versions.edit()
    await mirror(folders, setting, options)
    versions.remember()
    for (let round = 0; round < (setting.concurrency === 1 ? 30 : 12); round += 1) {
      let isDone = false
      for (let edits = 2 + random.below(8); edits > 0 && !isDone; edits -= 1) isDone = versions.edit()
      versions.tellAll(folders.replica)
      try {
        const { problems, changes } = await mirror(folders, setting, options)
        expect(problems).toEqual([])
        expectEqualTrees(folders.source, folders.replica)
        versions.remember()
        renamed += changes.filter(({ renamedFrom }) => renamedFrom !== undefined).length
      } catch (error) {
        throw new Error(`seed ${seed}, round ${round}`, { cause: error })
      }
    }
    expect(renamed).toBeGreaterThan(0)
  },
)

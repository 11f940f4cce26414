/**
 * Moves at random, of files and directories, over, into and out of each other, with edits between them: the replica is
 * equal after each run, and no byte is written that is not new in the source.
 */
import { randomInt } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { expectEqualTrees } from '../support/compare-trees.js'
import { mirror, settings, useFolders } from '../support/mirror.js'
import { Random } from '../support/random.js'

const folders = useFolders()
const seed = Number(process.env['FACSIMILE_TEST_SEED'] ?? randomInt(2 ** 31))
const names = ['a', 'b', 'c', 'd', 'e', 'f'].flatMap(letter => [letter, `${letter}1`, `${letter}2`])

/** A tree that is moved about in, and how many bytes it has got since that was last asked. */
class Mover {
  readonly log: string[] = []
  private fresh = 0
  private readonly root: string
  private readonly random: Random

  constructor(root: string, random: Random) {
    this.root = root
    this.random = random
    mkdirSync(root)
  }

  takeFresh(): number {
    const { fresh } = this
    this.fresh = 0
    this.log.length = 0
    return fresh
  }

  edit(): void {
    const { random } = this
    const all = this.paths('')
    const directories = ['', ...all.filter(path => this.isDirectory(path))]
    const files = all.filter(path => !this.isDirectory(path))
    const target = join(random.pick(directories) ?? '', random.pick(names) ?? 'a')
    const what = random.pick([
      'write',
      'write',
      'make',
      'move',
      'move',
      'move',
      'swap',
      'chmod',
      'remove',
    ] as const)
    if (what === 'write') this.write(target)
    else if (what === 'make') this.make(target)
    else if (what === 'move' && all.length > 0) this.move(random.pick(all) ?? '', target)
    else if (what === 'swap' && all.length > 1) this.swap(random.pick(all) ?? '', random.pick(all) ?? '')
    else if (what === 'chmod' && files.length > 0) this.chmod(random.pick(files) ?? '')
    else if (what === 'remove' && all.length > 40) this.remove(random.pick(all) ?? '')
  }

  private at(path: string): string {
    return join(this.root, path)
  }

  private paths(directory: string): readonly string[] {
    return readdirSync(this.at(directory))
      .sort()
      .flatMap(name => {
        const path = join(directory, name)
        return this.isDirectory(path) ? [path, ...this.paths(path)] : [path]
      })
  }

  private isDirectory(path: string): boolean {
    return lstatSync(this.at(path)).isDirectory()
  }

  private write(path: string): void {
    if (existsSync(this.at(path)) && this.isDirectory(path)) return
    const size = 1 + this.random.below(3000)
    writeFileSync(this.at(path), this.random.bytes(size))
    this.fresh += size
    this.log.push(`write ${path} ${size}`)
  }

  private make(path: string): void {
    if (existsSync(this.at(path))) return
    mkdirSync(this.at(path))
    this.log.push(`make ${path}`)
  }

  private move(from: string, to: string): void {
    if (`${to}/`.startsWith(`${from}/`)) return
    if (existsSync(this.at(to))) rmSync(this.at(to), { recursive: true })
    // What was removed may have held what was to be moved.
    if (!existsSync(this.at(from))) return
    renameSync(this.at(from), this.at(to))
    this.log.push(`move ${from} ${to}`)
  }

  private swap(one: string, other: string): void {
    if (`${one}/`.startsWith(`${other}/`) || `${other}/`.startsWith(`${one}/`)) return
    const aside = this.at('aside')
    renameSync(this.at(one), aside)
    renameSync(this.at(other), this.at(one))
    renameSync(aside, this.at(other))
    this.log.push(`swap ${one} ${other}`)
  }

  private chmod(path: string): void {
    const mode = this.random.pick([0o600, 0o644, 0o755])
    chmodSync(this.at(path), mode)
    this.log.push(`chmod ${path} ${mode.toString(8)}`)
  }

  private remove(path: string): void {
    rmSync(this.at(path), { recursive: true })
    this.log.push(`remove ${path}`)
  }
}

it.each(settings)(
  `moves are mirrored without a byte that is not new ($held, $concurrency; seed ${seed})`,
  async setting => {
    const random = new Random(seed)
    const mover = new Mover(folders.source, random)
    for (let edits = 0; edits < 60; edits += 1) mover.edit()
    const options = { allowEmptySource: true, maxDelete: '100%' } as const
    await mirror(folders, setting, options)
    mover.takeFresh()
    let renamed = 0
    for (let round = 0; round < (setting.concurrency === 1 ? 25 : 8); round += 1) {
      for (let edits = 1 + random.below(10); edits > 0; edits -= 1) mover.edit()
      const told = `seed ${seed}, round ${round}, after\n${mover.log.join('\n')}`
      const fresh = mover.takeFresh()
      try {
        const { report, problems, changes } = await mirror(folders, setting, options)
        expect(problems).toEqual([])
        expectEqualTrees(folders.source, folders.replica)
        expect(report.bytes).toBeLessThanOrEqual(fresh)
        renamed += changes.filter(({ renamedFrom }) => renamedFrom !== undefined).length
      } catch (error) {
        throw new Error(told, { cause: error })
      }
    }
    expect(renamed).toBeGreaterThan(0)
  },
)

/**
 * What links lead to, mirrored in their place, is what other programs make of it: rsync and cp, on trees made at random with
 * links within them, out of them, to nothing, and round in circles.
 */
import { spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { linkSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { expectEqualTrees } from '../support/compare-trees.js'
import { mirror, settings, useFolders } from '../support/mirror.js'
import { Random } from '../support/random.js'
import { hasRsync } from '../support/rsync.js'

const folders = useFolders()
const seed = Number(process.env['FACSIMILE_TEST_SEED'] ?? randomInt(2 ** 31))
const inline = settings.filter(({ concurrency }) => concurrency === 1)
const hasCp = spawnSync('cp', ['--version'], { encoding: 'utf8' }).stdout.includes('GNU')
const rounds = 25

interface Plot {
  /** Directories of the source and outside of it; each lies in one before it. */
  readonly directories: readonly string[]
  readonly files: readonly string[]
}

/** @param circles whether links may lead back to what they lie in */
function plant(random: Random, circles: boolean): void {
  const plot = plantEntries(random)
  const { directories, files } = plot
  for (let nth = random.between(1, 7); nth > 0; nth--) {
    const at = random.below(directories.length)
    const later = directories.slice(at + 1)
    const kind = random.below(6)
    const target =
      kind === 0
        ? join(folders.path, 'none', String(nth))
        : kind < 3
          ? (random.pick(files) ?? 'x')
          : (random.pick(circles ? directories : later) ?? 'none')
    const from = directories[at] ?? folders.source
    const name = `l${nth}`
    symlinkSync(random.chance(0.5) ? target : relative(from, target) || '.', join(from, name))
    if (random.chance(0.3)) symlinkSync(name, join(from, `m${nth}`))
    if (random.chance(0.05)) symlinkSync(`c${nth}`, join(from, `c${nth}`))
  }
}

/** Outside comes last, so that what lies there is led to from the source. */
function plantEntries(random: Random): Plot {
  const directories = [folders.source]
  const files: string[] = []
  mkdirSync(folders.source)
  for (let nth = 0; nth < 5; nth++) {
    const outside = join(folders.path, 'outside')
    const above = nth < 3 ? (random.pick(directories) ?? folders.source) : nth === 3 ? undefined : outside
    const path = above === undefined ? outside : join(above, `d${nth}`)
    mkdirSync(path)
    directories.push(path)
  }
  for (const directory of directories) {
    for (let nth = random.below(3); nth > 0; nth--) {
      const path = join(directory, `f${nth}`)
      const other = random.pick(files)
      if (other !== undefined && random.chance(0.2)) linkSync(other, path)
      else writeFileSync(path, 'x'.repeat(random.below(50)), { mode: random.chance(0.5) ? 0o600 : 0o755 })
      files.push(path)
    }
  }
  return { directories, files }
}

async function checkRounds(
  circles: boolean,
  judge: (random: Random, round: number) => Promise<void>,
): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    const random = new Random(seed + round)
    for (const path of ['source', 'replica', 'other', 'outside'])
      rmSync(join(folders.path, path), { recursive: true, force: true })
    plant(random, circles)
    try {
      await judge(random, round)
    } catch (error) {
      throw new Error(`FACSIMILE_TEST_SEED=${seed}, round ${round}`, { cause: error })
    }
  }
}

describe.runIf(hasRsync)('links are followed as by rsync -aLH (needs rsync)', () => {
  it.each(inline)('on any trees without circles ($held)', async setting => {
    let dangling = 0
    await checkRounds(false, async () => {
      const { report } = await mirror(folders, setting, { links: 'follow', allowEmptySource: true })
      const other = join(folders.path, 'other')
      const { status } = spawnSync('rsync', ['-aLH', '--', `${folders.source}/`, `${other}/`])
      expect(report.exitCode).toBe(status)
      if (status === 23) dangling += 1
      // With hard links rsync leaves the times of some directories; those are compared with cp.
      expectEqualTrees(other, folders.replica, { hardLinks: true, times: 'files' })
    })
    expect(dangling).toBeLessThan(rounds)
  })
})

describe.runIf(hasCp)('links are followed as by cp -RL (needs GNU cp)', () => {
  it.each(inline)('on any trees, with circles too ($held)', async setting => {
    let circular = 0
    await checkRounds(true, async () => {
      const { report, problems } = await mirror(folders, setting, { links: 'follow', allowEmptySource: true })
      const other = join(folders.path, 'other')
      const preserved = '--preserve=mode,ownership,timestamps'
      const { status, stderr } = spawnSync('cp', ['-RL', preserved, '--', folders.source, other], {
        encoding: 'utf8',
      })
      expect(report.exitCode).toBe(status === 0 ? 0 : 23)
      expect(problems.length).toBe(
        stderr.split('\n').filter(line => /cannot (?:copy cyclic|stat)/.test(line)).length,
      )
      if (stderr.includes('cyclic')) circular += 1
      expectEqualTrees(other, folders.replica)
    })
    expect(circular).toBeGreaterThan(0)
  })
})

/** Rules of which the first that matches decides, on folders and as the command reads them. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { expectEqualTrees } from '../support/compare-trees.js'
import { describeEachSetting, expectNothingLeft, mirror, settings, useFolders } from '../support/mirror.js'
import { Random } from '../support/random.js'
import { readTree } from '../support/read-tree.js'
import { hasRsync } from '../support/rsync.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders()
const held = (): readonly string[] => Object.keys(readTree(folders.replica)).slice(1)

describeEachSetting('rules', setting => {
  const rules = ['+ /d/keep/', '- keep', '+ */', '+ *.c', '- *']

  it('take and leave out, the first that matches deciding', async () => {
    writeTree(folders.source, {
      'a.c': '',
      b: '',
      d: { 'x.c': '', y: '', keep: { 'z.c': '' } },
      keep: { 'z.c': '' },
    })
    const { report } = await mirror(folders, setting, { rules })
    expect(report.exitCode).toBe(0)
    expect(held()).toEqual(['a.c', 'd', 'd/keep', 'd/keep/z.c', 'd/x.c'])
    await expectNothingLeft(folders, setting, { rules })
  })

  it('protect in the replica what they leave out, or not', async () => {
    writeTree(folders.source, { 'a.c': 'a' })
    writeTree(folders.replica, { mine: 'mine', 'old.c': 'old', keep: { x: 'x' } })
    await mirror(folders, setting, { rules })
    expect(held()).toEqual(['a.c', 'keep', 'keep/x', 'mine'])
    await mirror(folders, setting, { rules, deleteExcluded: true })
    expect(held()).toEqual(['a.c'])
  })

  it('leave out directories that are never listed then', async () => {
    writeTree(folders.source, { a: 'a', d: { x: 'x' } })
    writeTree(folders.replica, { d: { y: 'y' } })
    const counted = (['source', 'replica'] as const).map(side => ({ side, call: 'list' as const, most: 1e9 }))
    const { report, faults } = await mirror(folders, setting, { rules: ['- d'] }, counted)
    expect(report.exitCode).toBe(0)
    expect(faults.struck).toEqual([1, 1])
  })
})

const seed = Number(process.env['FACSIMILE_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
const [setting] = settings

describe.runIf(hasRsync && setting !== undefined)('rules are those of rsync (needs rsync)', () => {
  it('on any trees and rules that both write alike', async () => {
    if (setting === undefined) return
    const names = ['a', 'b', 'a.c', 'b.c', 'ab', 'c'] as const
    const globs = [
      ...names,
      '*',
      '*.c',
      'a*',
      '?',
      '[ab]',
      '*/',
      'a/',
      '/a',
      '/b',
      '/a/b',
      '/a/*',
      '/b/**',
    ] as const
    for (let round = 0; round < 40; round++) {
      const random = new Random(seed + round)
      for (const path of ['source', 'replica', 'other'])
        rmSync(join(folders.path, path), { recursive: true, force: true })
      mkdirSync(folders.source)
      const directories = [folders.source]
      for (let nth = 0; nth < 14; nth++) {
        const path = join(random.pick(directories) ?? '', random.pick(names))
        try {
          if (random.chance(0.4)) {
            mkdirSync(path)
            directories.push(path)
          } else writeFileSync(path, '', { flag: 'wx' })
        } catch {
          // It is there.
        }
      }
      const rules = Array.from(
        { length: random.between(1, 5) },
        () => `${random.chance(0.4) ? '+' : '-'} ${random.pick(globs)}`,
      )
      const list = join(folders.path, 'rules')
      writeFileSync(list, `# rules\n\n${rules.join('\n')}\n`)
      await mirror(folders, setting, { rules, allowEmptySource: true })
      const other = join(folders.path, 'other')
      spawnSync('rsync', ['-a', `--filter=merge ${list}`, '--', `${folders.source}/`, `${other}/`])
      try {
        expectEqualTrees(other, folders.replica, { times: 'files' })
      } catch (error) {
        throw new Error(`FACSIMILE_TEST_SEED=${seed}, round ${round}: ${rules.join(', ')}`, { cause: error })
      }
    }
  })
})

it('the command reads rules from files', () => {
  writeTree(folders.source, { a: 'a', 'x.o': 'x', 'keep.o': 'k' })
  writeFileSync(join(folders.path, 'first'), '# kept\n+ keep.o\n')
  writeFileSync(join(folders.path, 'then'), '- *.o\r\n')
  const run = (...flags: readonly string[]): ReturnType<typeof spawnSync> =>
    spawnSync(
      process.execPath,
      [
        join(import.meta.dirname, '../../packages/cli/bundle/main.js'),
        folders.source,
        folders.replica,
        ...flags,
      ],
      {
        encoding: 'utf8',
        cwd: folders.path,
      },
    )
  expect(run('--filter-from', 'first', '--filter-from=then').status).toBe(0)
  expect(held()).toEqual(['a', 'keep.o'])
  const refused = run('--filter-from', 'none')
  expect([refused.status, refused.stderr]).toEqual([
    2,
    expect.stringContaining("--filter-from cannot read 'none': it does not exist"),
  ])
  writeFileSync(join(folders.path, 'first'), '- ../x\n')
  const wrong = run('--filter-from', 'first')
  expect([wrong.status, wrong.stderr]).toEqual([2, expect.stringContaining('--filter-from: expected a glob')])
})

/** What ignore files leave out, by git's own rules: on trees and rules made at random, and with what lies in the replica. */
import { execFileSync, spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  describeEachSetting,
  expectNothingLeft,
  holding,
  mirror,
  shownProblem,
  useFolders,
} from '../support/mirror.js'
import { run } from '../support/mounts.js'
import { Random } from '../support/random.js'
import { readTree } from '../support/read-tree.js'
import { removeTree } from '../support/remove-tree.js'
import { symlink } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders()
const options = { ignoreFile: '.gitignore' } as const
const hasGit = spawnSync('git', ['--version']).status === 0

describeEachSetting('ignore files', setting => {
  it('leave out what they say, at any depth, and are mirrored themselves', async () => {
    writeTree(folders.source, {
      '.gitignore': '*.log\nbuild/\n',
      'a.log': 'l',
      a: 'a',
      build: { x: 'x' },
      d: {
        '.gitignore': '!keep.log\n/only\n',
        'keep.log': 'k',
        'b.log': 'b',
        only: 'o',
        e: { only: 'o', 'c.log': 'c' },
      },
    })
    const { report } = await mirror(folders, setting, options)
    expect(report.exitCode).toBe(0)
    expect(Object.keys(readTree(folders.replica))).toEqual([
      '.',
      '.gitignore',
      'a',
      'd',
      'd/.gitignore',
      'd/e',
      'd/e/only',
      'd/keep.log',
    ])
    await expectNothingLeft(folders, setting, options)
  })

  it('protect in the replica what they leave out', async () => {
    writeTree(folders.source, { '.gitignore': 'cache\n', a: 'a' })
    writeTree(folders.replica, { cache: { x: 'x' }, old: 'o', gone: { cache: 'c' } })
    const { report } = await mirror(folders, setting, options)
    expect(report.exitCode).toBe(23)
    expect(Object.keys(readTree(folders.replica))).toEqual([
      '.',
      '.gitignore',
      'a',
      'cache',
      'cache/x',
      'gone',
      'gone/cache',
    ])
  })

  it('let it be deleted with `deleteExcluded`', async () => {
    writeTree(folders.source, { '.gitignore': 'cache\n', a: 'a', cache: 'c' })
    writeTree(folders.replica, { cache: 'c' })
    await mirror(folders, setting, { ...options, deleteExcluded: true })
    expect(Object.keys(readTree(folders.replica))).toEqual(['.', '.gitignore', 'a'])
  })

  it('are no links, as git follows none', async () => {
    writeTree(folders.source, { '.gitignore': symlink('rules'), rules: 'a\n', a: 'a' })
    await mirror(folders, setting, options)
    expect(Object.keys(readTree(folders.replica))).toEqual(['.', '.gitignore', 'a', 'rules'])
  })
})

it.skipIf(process.platform === 'win32')('a FIFO of that name is never opened', async () => {
  writeTree(folders.source, { a: 'a' })
  run('mkfifo', [join(folders.source, '.gitignore')])
  const setting = { held: holding, concurrency: 1 }
  // Whoever waits for a reader would be told that there is one, and what was written would be lost.
  const opened = { side: 'source', call: 'openFile', most: 1e9 } as const
  const { report, faults } = await mirror(folders, setting, options, [opened])
  // The file, to be copied.
  expect([report.exitCode, faults.struck]).toEqual([0, [1]])
})

it('an ignore file that may not be read withholds all deletions (23)', async () => {
  writeTree(folders.source, { d: { '.gitignore': 'x\n', a: 'a' } })
  writeTree(folders.replica, { old: 'o' })
  const setting = { held: holding, concurrency: 1 }
  const { report, problems } = await mirror(folders, setting, options, [
    { side: 'source', call: 'openFile', path: 'd/.gitignore', errno: 'EACCES' },
  ])
  expect(report.exitCode).toBe(23)
  expect(problems.map(shownProblem)).toContain('source-unreadable d/.gitignore')
  expect(readdirSync(folders.replica)).toContain('old')
})

const seed = Number(process.env['FACSIMILE_TEST_SEED'] ?? randomInt(2 ** 31))
const names = [
  'a',
  'b',
  'ab',
  'abc',
  'a.b',
  '.a',
  'x1',
  'foo',
  'foo.txt',
  'a b',
  'é',
  'A',
  '[x]',
  'a*b',
  '#h',
  '!n',
  'q ',
  '\\w',
  '..x',
  '-d',
]
const parts = [
  '*',
  '?',
  'a',
  'b',
  'ab',
  '**',
  '*.txt',
  '[ab]',
  '[!a]',
  '[^b]*',
  '[a-c]',
  'a?',
  '*b*',
  'foo',
  '\\#h',
  '\\!n',
  'é',
  '[[:alpha:]]',
  'q\\ ',
  'a\\*b',
  '\\[x\\]',
  '[]x]',
  '[a',
  '\\\\w',
  '..x',
  'foo.*',
  '.*',
  'a**b',
  '***',
  'a**',
  '**b',
  '[b/c]',
  '[[:space:]]',
  '[[:nobody:]]',
  '[[:]',
  '[a-',
  '[a-\\c]',
  '[\\]]',
  '\\a',
  'a\\',
  '\\/',
  'q ',
  'a\t',
  'a\u0000b',
]

function pattern(random: Random): string {
  const pieces = Array.from({ length: random.between(1, 3) }, () => random.pick(parts) ?? '*')
  const text = `${random.chance(0.25) ? '/' : ''}${pieces.join('/')}${random.chance(0.25) ? '/' : ''}`
  if (random.chance(0.05)) return `# ${text}`
  const end = random.chance(0.1) ? ' ' : ''
  return random.chance(0.25) ? `!${text}${end}` : text + end
}

/** Makes a tree with ignore files; returns its paths. */
function plant(random: Random): readonly string[] {
  mkdirSync(folders.source)
  const directories = ['']
  const paths: string[] = []
  for (let nth = 0; nth < 120; nth += 1) {
    const path = join(random.pick(directories) ?? '', random.pick(names) ?? 'a')
    const at = join(folders.source, path)
    if (existsSync(at)) continue
    paths.push(path)
    if (random.chance(0.4)) {
      mkdirSync(at)
      directories.push(path)
    } else writeFileSync(at, path)
  }
  for (const directory of directories) {
    if (directory !== '' && !random.chance(0.3)) continue
    const text = Array.from(
      { length: random.between(1, 5) },
      () => `${pattern(random)}${random.chance(0.1) ? '\r' : ''}\n`,
    )
    const mark = random.chance(0.1) ? '\ufeff' : ''
    writeFileSync(join(folders.source, directory, '.gitignore'), mark + text.join(''))
  }
  return paths
}

/** Those that git leaves out. */
function ignoredByGit(paths: readonly string[]): ReadonlySet<string> {
  const git = ['-c', 'core.excludesFile=/dev/null', '-c', 'core.ignoreCase=false']
  const dir = join(folders.path, 'git')
  execFileSync('git', ['init', '-q', '--bare', dir])
  const { stdout } = spawnSync(
    'git',
    [
      ...git,
      `--git-dir=${dir}`,
      `--work-tree=${folders.source}`,
      'check-ignore',
      '--no-index',
      '-z',
      '--stdin',
    ],
    { input: paths.join('\0'), cwd: folders.source },
  )
  removeTree(dir)
  return new Set(stdout.toString().split('\0'))
}

describe.skipIf(!hasGit)('git and we (needs git)', () => {
  it(`leave out the same, in 10,000 decisions (seed ${seed})`, async () => {
    const random = new Random(seed)
    let decisions = 0
    for (let round = 0; decisions < 10_000; round += 1) {
      const paths = plant(random)
      const ignored = ignoredByGit(paths)
      await mirror(folders, { held: holding, concurrency: 1 }, { ...options, allowEmptySource: true })
      const copied = new Set(Object.keys(readTree(folders.replica)))
      const differing = paths.filter(path => copied.has(path) === ignored.has(path))
      expect(differing, `seed ${seed}, round ${round}`).toEqual([])
      decisions += paths.length
      removeTree(folders.source)
      removeTree(folders.replica)
    }
  })
})

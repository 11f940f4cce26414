/** Somebody changes the replica between the plan and the run: what the plan did not know stays, and is named. */
import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { expectEqualTrees } from '../support/compare-trees.js'
import { describeEachSetting, mirror, sampled, shownProblem, useFolders } from '../support/mirror.js'
import { readTree, type Snapshot } from '../support/read-tree.js'
import { file, type TreeLiteral } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders({ renames: false })

const source: TreeLiteral = {
  new: 'n',
  'new directory': { x: 'x' },
  changed: 'new content',
  mode: file('m', { mode: 0o600 }),
  kind: { x: 'x' },
  full: 'a file',
  other: 'o',
}
const replica: TreeLiteral = {
  changed: 'old',
  mode: 'm',
  kind: 'a file',
  full: { x: 'x' },
  gone: 'g',
  empty: {},
  old: { a: 'a', b: { c: 'c' } },
}

const at = (path: string): string => join(folders.replica, path)
const rewrite = (path: string): void => writeFileSync(at(path), 'theirs')
const addDirectory = (path: string): void => writeTree(folders.replica, { [path]: { theirs: 'theirs' } })
const replaced = (path: string): void => {
  rmSync(at(path), { recursive: true })
  addDirectory(path)
}

type Case = readonly [
  what: string,
  meddle: () => void,
  kept: string,
  problems: readonly string[],
  exitCode: number,
]
const cases: readonly Case[] = [
  ['a file to be deleted is written to', () => rewrite('gone'), 'gone', ['replica-changed gone'], 24],
  [
    'a file to be deleted is another one',
    () => {
      rmSync(at('gone'))
      writeFileSync(at('gone'), 'g')
    },
    'gone',
    ['replica-changed gone'],
    24,
  ],
  [
    'a file to be deleted has another mode',
    () => chmodSync(at('gone'), 0o600),
    'gone',
    ['replica-changed gone'],
    24,
  ],
  [
    'a file to be deleted is a directory',
    () => replaced('gone'),
    'gone/theirs',
    ['replica-changed gone'],
    24,
  ],
  [
    'an empty directory to be deleted is another one',
    () => {
      renameSync(at('empty'), at('empty.was'))
      mkdirSync(at('empty'))
    },
    'empty',
    ['replica-changed empty'],
    24,
  ],
  [
    'an empty directory to be deleted holds something',
    () => rewrite('empty/theirs'),
    'empty/theirs',
    ['replica-failed empty'],
    23,
  ],
  [
    'a directory to be deleted is another one',
    () => replaced('old'),
    'old/theirs',
    ['replica-changed old/a', 'replica-changed old/b/c', 'replica-changed old/b'],
    24,
  ],
  [
    'a directory to be deleted gets an entry',
    () => rewrite('old/b/theirs'),
    'old/b/theirs',
    ['replica-failed old/b'],
    23,
  ],
  [
    'a file to be updated is written to',
    () => rewrite('changed'),
    'changed',
    ['replica-changed changed'],
    24,
  ],
  [
    'a file to be updated is a directory',
    () => replaced('changed'),
    'changed/theirs',
    ['replica-changed changed'],
    24,
  ],
  [
    'a file to be updated is a link',
    () => {
      rmSync(at('changed'))
      symlinkSync('theirs', at('changed'))
    },
    'changed',
    ['replica-changed changed'],
    24,
  ],
  ['a file to be updated is gone', () => rmSync(at('changed')), 'changed', ['replica-changed changed'], 24],
  [
    'a file to be given attributes is another one',
    () => {
      renameSync(at('mode'), at('mode.was'))
      writeFileSync(at('mode'), 'theirs')
    },
    'mode',
    ['replica-changed mode'],
    24,
  ],
  [
    'a file that is to be a directory is written to',
    () => rewrite('kind'),
    'kind',
    ['replica-changed kind'],
    24,
  ],
  [
    'a full directory that is to be a file gets an entry',
    () => rewrite('full/theirs'),
    'full/theirs',
    ['replica-failed full'],
    23,
  ],
  ['a file is there where one is to be created', () => rewrite('new'), 'new', ['replica-changed new'], 24],
  [
    'a file is there where a directory is to be made',
    () => rewrite('new directory'),
    'new directory',
    ['replica-changed new directory'],
    24,
  ],
  [
    'a directory is there where one is to be made',
    () => addDirectory('new directory'),
    'new directory/theirs',
    ['replica-changed new directory'],
    24,
  ],
]

describeEachSetting('D08, D09: when', setting => {
  it.each(sampled(cases, setting))(
    'D08, D09, L06: %s: it stays, and everything else is done',
    async (_, meddle, kept, expected, exitCode) => {
      writeTree(folders.source, source)
      writeTree(folders.replica, replica)
      let meddled: Snapshot = {}
      const plan = (): void => {
        meddle()
        meddled = readTree(folders.replica)
      }
      const { report, problems } = await mirror(folders, setting, { on: { plan } })
      expect(problems.map(shownProblem)).toEqual(expected)
      expect(report.exitCode).toBe(exitCode)
      const after = readTree(folders.replica)
      expect(after[kept]).toEqual(meddled[kept])
      expect(after['other']).toMatchObject({ content: 'o' })
      await mirror(folders, setting)
      expectEqualTrees(folders.source, folders.replica)
    },
  )
})

/**
 * Who owns a folder of the source renames what is in it, also what they may not read: other entries come to the names that
 * the plan saw. None is read in the place of another, or what is private would get a public name, mode or list.
 */
import { existsSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { expectEqualTrees } from '../support/compare-trees.js'
import { mirror, settings, shownProblem, useFolders } from '../support/mirror.js'
import { directory, file, type TreeLiteral } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders()

const changed = ['private/f', 'private/e/f', 'public/f', 'public/e/f'].map(name => `source-changed d/${name}`)

/** Has both change places. */
function exchangeThem(): void {
  const [a, b] = [join(folders.source, 'd/private'), join(folders.source, 'd/public')]
  renameSync(a, `${a}.x`)
  renameSync(b, a)
  renameSync(`${a}.x`, b)
}

const nothing: TreeLiteral = { d: { public: directory({ f: file('old content') }, { mode: 0o755 }) } }

it.each(
  settings.flatMap(setting => [
    { ...setting, there: {} },
    { ...setting, there: nothing },
  ]),
)(
  'X06: of two directories of the source that change places, nothing is copied to the place of the other ($held, $concurrency)',
  async ({ there, ...setting }) => {
    writeTree(folders.source, {
      d: {
        private: directory({ f: 'secret', e: { f: 'secret' } }, { mode: 0o700 }),
        public: directory({ f: 'open', e: { f: 'open' } }, { mode: 0o755 }),
      },
    })
    writeTree(folders.replica, there)
    const { report, problems } = await mirror(folders, setting, { on: { plan: exchangeThem } })
    const copied = ['f', 'e/f'].map(name => join(folders.replica, 'd/public', name))
    for (const path of copied) expect(existsSync(path) && readFileSync(path, 'utf8')).not.toBe('secret')
    // A thread may hold a directory since it was compared, and copies from that very one: what is told then depends.
    const told = setting.concurrency === 1 ? problems.map(shownProblem) : changed
    expect(told).toEqual(expect.arrayContaining(changed))
    expect([0, 24]).toContain(report.exitCode)
    await mirror(folders, setting)
    expectEqualTrees(folders.source, folders.replica)
  },
)

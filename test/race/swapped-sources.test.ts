/**
 * Who owns a folder of the source renames what is in it, also what they may not read: other entries come to the names that
 * the plan saw. None is read in the place of another, or what is private would get a public name, mode or list.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { expectEqualTrees } from '../support/compare-trees.js'
import type { Fault, RaceStep } from '../support/faulty.js'
import { mirror, settings, shownProblem, useFolders } from '../support/mirror.js'
import { directory, type EntryLiteral, fifo, file, type TreeLiteral } from '../support/tree-literal.js'
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

function listsOf(path: string): string {
  return execFileSync('getfattr', ['-h', '-d', '-m', '-', path], { encoding: 'latin1', stdio: 'pipe' })
}

const [native] = settings.filter(({ held, concurrency }) => held === 'libc' && concurrency === 1)
const mtime = '2001-02-03T04:05:06Z'
const at = (path: string): string => join(folders.source, 'd', path)

/** Just before the entry is looked at to be read. */
function whenPinned(): Fault {
  const race: readonly RaceStep[] = [
    { do: 'rename', from: at('private'), to: at('x') },
    { do: 'rename', from: at('public'), to: at('private') },
    { do: 'rename', from: at('x'), to: at('public') },
  ]
  return { side: 'source', call: 'pin', path: 'd/private', times: 1, race }
}

it
  .runIf(native !== undefined)
  .each<[what: string, entry: EntryLiteral, there: TreeLiteral, when: 'pinned' | 'planned']>([
    ['files', file('f', { mode: 0o600, mtime }), { private: file('f', { mode: 0o600 }) }, 'pinned'],
    ['FIFOs', fifo({ mode: 0o600, mtime }), {}, 'pinned'],
    ['directories', directory({}, { mode: 0o700, mtime }), {}, 'planned'],
  ])(
  'X06, X08: of two %s that change places, neither gets the list of the other',
  async (_, entry, there, when) => {
    writeTree(folders.source, { d: { private: entry, public: entry } })
    writeTree(folders.replica, { d: there })
    execFileSync('setfacl', ['-m', 'u:65534:rw', at('public')])
    const plan = (): void => {
      if (when === 'planned') exchangeThem()
    }
    const setting = native ?? { held: 'libc', concurrency: 1 }
    const { report } = await mirror(
      folders,
      setting,
      { on: { plan } },
      when === 'pinned' ? [whenPinned()] : [],
    )
    const path = join(folders.replica, 'd/private')
    expect(existsSync(path) ? listsOf(path) : '').not.toContain('posix_acl_access')
    expect(report.exitCode).toBe(24)
  },
)

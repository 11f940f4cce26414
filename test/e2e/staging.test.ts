/** Staging directories: whose they are is proven by what is in them, never by their name. */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { ownMarker, startTimeOf } from '../../packages/core/dist/tree/staging-marker.js'
import { canStrace } from '../support/can-strace.js'
import { expectEqualTrees } from '../support/compare-trees.js'
import { isRoot } from '../support/entry-kind.js'
import { describeEachSetting, expectNothingLeft, mirror, stagedIn, useFolders } from '../support/mirror.js'
import { readTree } from '../support/read-tree.js'
import { runProcess } from '../support/run.js'
import { directory, type TreeLiteral } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const main = fileURLToPath(new URL('../../packages/cli/bundle/main.js', import.meta.url))
const folders = useFolders({ renames: false })
const name = `.facsimile-${'0123456789abcdef'.repeat(2)}`
/** Who started the tests lives, and is another process. */
const living = JSON.stringify({ ...ownMarker(), pid: process.ppid, startTime: startTimeOf(process.ppid) })
const dead = JSON.stringify({ ...ownMarker(), startTime: '1' })
const beforeReboot = JSON.stringify({ ...ownMarker(), bootId: 'another boot' })
const linux = process.platform === 'linux'

function staging(marker: string | undefined): TreeLiteral {
  const left = { 0: { 1: 'torn', 2: { half: { built: 'b' } } }, 1: {} }
  return {
    [name]: directory(marker === undefined ? left : { ...left, 'facsimile-staging.json': marker }, {
      mode: 0o700,
    }),
  }
}

describeEachSetting('a staging directory in the replica', setting => {
  it.each([
    ['dead', dead],
    ['dead since a reboot', beforeReboot],
  ])('K10: of a run that is %s is removed, also with delete: false', async (_, marker) => {
    writeTree(folders.source, { a: 'a' })
    for (const options of [{}, { delete: false }, { delete: false }]) {
      writeTree(folders.replica, staging(marker))
      const { report } = await mirror(folders, setting, options)
      expect(report.exitCode).toBe(0)
      expect(stagedIn(folders.replica)).toEqual([])
      expectEqualTrees(folders.source, folders.replica)
    }
    await expectNothingLeft(folders, setting)
  })

  it.each([
    ['of a run that may be alive', living],
    ['without a marker', undefined],
    ['with a marker that is no marker', '{"format":"facsimile-staging-1","pid":1}'],
  ])('K10: %s is not touched with delete: false', async (_, marker) => {
    writeTree(folders.source, { a: 'a' })
    writeTree(folders.replica, staging(marker))
    const before = readTree(join(folders.replica, name))
    const { report } = await mirror(folders, setting, { delete: false })
    expect(report.exitCode).toBe(0)
    expect(readTree(join(folders.replica, name))).toEqual(before)
  })

  it('K10: of a run that lives is no concern of another one, and no deletion', async () => {
    writeTree(folders.source, { a: 'a' })
    writeTree(folders.replica, staging(living))
    const before = readTree(join(folders.replica, name))
    for (const options of [
      {},
      { maxDelete: 0 },
      { exclude: ['x'], deleteExcluded: true },
      { dryRun: true },
    ]) {
      const { report, changes } = await mirror(folders, setting, options)
      expect(report.exitCode).toBe(0)
      expect(changes.filter(({ action }) => action === 'delete')).toEqual([])
    }
    expect(readTree(join(folders.replica, name))).toEqual(before)
  })

  it('K10: is extraneous like any other entry where deleting is not switched off, and counted', async () => {
    writeTree(folders.source, { a: 'a' })
    writeTree(folders.replica, staging(dead))
    const { report } = await mirror(folders, setting)
    expect(report.changes.delete.done).toBe(8)
    expectEqualTrees(folders.source, folders.replica)
  })

  it.skipIf(!isRoot)(
    'K10: of another user is not touched with delete: false, dead or not (needs root)',
    async () => {
      writeTree(folders.source, { a: 'a' })
      const marked = { 'facsimile-staging.json': dead, x: 'x' }
      writeTree(folders.replica, { [name]: directory(marked, { uid: 4321 }) })
      await mirror(folders, setting, { delete: false })
      expect(stagedIn(folders.replica)).toEqual([name])
    },
  )
})

describeEachSetting('a staging directory in the source', setting => {
  it.each([
    ['dead', dead],
    ['alive', living],
  ])('K10: of another run, %s, is left out, and protected in the replica', async (_, marker) => {
    writeTree(folders.source, { a: 'a', ...staging(marker) })
    writeTree(folders.replica, { [name]: { own: 'own' } })
    const { report } = await mirror(folders, setting)
    expect(report.exitCode).toBe(0)
    expect(Object.keys(readTree(folders.replica))).toEqual(['.', name, `${name}/own`, 'a'])
  })

  it.each([
    ['without a marker', staging(undefined)],
    ['with a marker that is no marker', staging('{"format":"another"}')],
    ['below the root', { sub: staging(living) }],
    ['that is a file', { [name]: 'a file' }],
  ])('K10, N11: by its name only, %s, is mirrored like any other', async (_, tree) => {
    writeTree(folders.source, tree)
    await mirror(folders, setting)
    expectEqualTrees(folders.source, folders.replica)
    await expectNothingLeft(folders, setting)
  })
})

it.skipIf(!linux)('the marker of a process is told from that of a later one with its number', () => {
  expect(JSON.parse(living)).toMatchObject({ pid: process.ppid })
  expect(JSON.parse(living)).not.toMatchObject({ startTime: '' })
  expect(JSON.parse(living)).not.toMatchObject({ bootId: '' })
})

describe.skipIf(!canStrace)(
  'a replica that cannot be listed any more when the run ends (needs strace)',
  () => {
    it.each([
      ['ENOSYS', 23],
      ['EIO', 11],
    ] as const)('(%s) is one problem, and no defect', async (errno, exitCode) => {
      for (const root of [folders.source, folders.replica]) writeTree(root, { a: 'a' })
      await mirror(folders, { held: 'paths', concurrency: 1 })
      // Where the walk sees none, nobody looks for them again.
      writeTree(folders.replica, staging(dead))
      // A list takes two calls, and the first one is that of the comparison.
      const inject = ['-e', 'trace=getdents64', '-e', `inject=getdents64:error=${errno}:when=3+`]
      const command = [process.execPath, main, folders.source, folders.replica, '--quiet', '--no-delete']
      const flags = ['-f', '-qq', '-o', '/dev/null', '-P', folders.replica, ...inject, '--']
      const env = { XDG_STATE_HOME: join(folders.path, 'state') }
      const { code, stderr } = await runProcess('strace', [...flags, ...command], { env })
      expect(code).toBe(exitCode)
      expect(stderr).toMatch(
        new RegExp(`^facsimile: cannot look for staging directories: [^\n]*${errno}[^\n]*\n$`),
      )
    })
  },
)

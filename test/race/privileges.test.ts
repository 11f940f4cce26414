/**
 * What lets a program run as somebody else is given to bytes that this run has copied, and to no others: those of a
 * replica may be of whoever owns a folder there, also where size and time are the source's.
 */
import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isRoot } from '../support/entry-kind.js'
import { expectNothingLeft, mirror, settings, shownChange, useFolders } from '../support/mirror.js'
import { type EntryLiteral, file, hardLink, type TreeLiteral } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders()
const theirs = { uid: 65_534, gid: 65_534 }
const mtime = '2001-02-03T04:05:06Z'
const capability = '0x0100000200200000000000000000000000000000'
const native = settings.filter(way => way.held === 'libc')

function capabilitiesOf(path: string): string {
  return execFileSync('getfattr', ['-d', '-m', '-', path], { encoding: 'latin1', stdio: 'pipe' })
}

function setCapability(path: string): void {
  execFileSync('setfattr', ['-n', 'security.capability', '-v', capability, path])
}

const at = (path: string): string => join(folders.replica, path)
const bytesOf = (path: string): string => readFileSync(at(path), 'utf8')
const modeOf = (path: string): number => statSync(at(path)).mode & 0o7777

function twoNames(content: string, mode: number): TreeLiteral {
  return { a: file(content, { mode, mtime }), b: hardLink('a') }
}

describe.skipIf(!isRoot).each(settings)('setuid and setgid (needs root) ($held, $concurrency)', setting => {
  it.each<[what: string, mode: number, there: EntryLiteral]>([
    ['another owner', 0o4755, file('evil', { mode: 0o4755, mtime, ...theirs })],
    ['another group', 0o2755, file('evil', { mode: 0o2755, mtime, gid: 65_534 })],
    ['another mode', 0o4755, file('evil', { mode: 0o755, mtime })],
  ])('X07: are never given in place: %s', async (_, mode, there) => {
    writeTree(folders.source, { program: file('good', { mode, mtime }) })
    writeTree(folders.replica, { program: there })
    const { changes } = await mirror(folders, setting)
    expect(changes.map(shownChange)).toEqual(['update program'])
    expect([bytesOf('program'), modeOf('program')]).toEqual(['good', mode])
    await expectNothingLeft(folders, setting)
  })

  it('X07: are never given in place to what has several names', async () => {
    writeTree(folders.source, twoNames('good', 0o4755))
    writeTree(folders.replica, twoNames('evil', 0o755))
    const { changes } = await mirror(folders, setting)
    expect(changes.map(shownChange)).toEqual(['update a', 'link b'])
    expect([bytesOf('a'), bytesOf('b'), modeOf('a')]).toEqual(['good', 'good', 0o4755])
    await expectNothingLeft(folders, setting)
  })

  it('X07: are never given in place, though the caller finds the content equal', async () => {
    writeTree(folders.source, { program: file('good', { mode: 0o4755, mtime }) })
    writeTree(folders.replica, { program: file('evil, longer', { mode: 0o4755, mtime, ...theirs }) })
    const { changes } = await mirror(folders, setting, { compare: () => true })
    expect(changes.map(shownChange)).toEqual(['update program'])
    expect([bytesOf('program'), modeOf('program')]).toEqual(['good', 0o4755])
  })

  it.each<[what: string, tree: TreeLiteral]>([
    ['a program', { program: file('good', { mode: 0o4755, mtime }) }],
    ['one of two names', { program: file('good', { mode: 0o4755, mtime }), second: hardLink('program') }],
  ])('X07: are not given to %s that is another file since the plan, of the same inode', async (_, tree) => {
    writeTree(folders.source, tree)
    writeTree(folders.replica, tree)
    utimesSync(at('program'), 1, 1)
    const plan = (): void => {
      writeFileSync(at('program'), 'evil')
      chownSync(at('program'), theirs.uid, theirs.gid)
    }
    const { report, changes } = await mirror(folders, setting, { on: { plan } })
    expect(changes.map(shownChange)).toEqual(['metadata program'])
    expect([report.exitCode, bytesOf('program'), modeOf('program')]).toEqual([24, 'evil', 0o755])
    await mirror(folders, setting)
    expect([bytesOf('program'), modeOf('program')]).toEqual(['good', 0o4755])
    await expectNothingLeft(folders, setting)
  })

  it('X07: of a program that has them, all else is repaired in place', async () => {
    const tree: TreeLiteral = { program: file('good', { mode: 0o4755, mtime }) }
    writeTree(folders.source, tree)
    writeTree(folders.replica, tree)
    utimesSync(at('program'), 1, 1)
    const { ino } = statSync(at('program'))
    await mirror(folders, setting)
    expect([statSync(at('program')).ino, modeOf('program')]).toEqual([ino, 0o4755])
    await expectNothingLeft(folders, setting)
  })
})

describe.skipIf(!isRoot).each(native)('capabilities (needs root) ($held, $concurrency)', setting => {
  it.each<[what: string, there: EntryLiteral, hasThem: boolean]>([
    ['the replica has none', file('evil', { mode: 0o755, mtime }), false],
    ['another owner', file('evil', { mode: 0o755, mtime, ...theirs }), true],
    ['another mode', file('evil', { mode: 0o700, mtime }), true],
  ])('X07: are never given in place: %s', async (_, there, hasThem) => {
    writeTree(folders.source, { program: file('good', { mode: 0o755, mtime }) })
    writeTree(folders.replica, { program: there })
    setCapability(join(folders.source, 'program'))
    if (hasThem) setCapability(at('program'))
    const { changes } = await mirror(folders, setting)
    expect(changes.map(shownChange)).toEqual(['update program'])
    expect([bytesOf('program'), modeOf('program')]).toEqual(['good', 0o755])
    expect(capabilitiesOf(at('program'))).toContain('security.capability')
    await expectNothingLeft(folders, setting)
  })

  it('X07: that the source has since the plan are given to a copy', async () => {
    const tree: TreeLiteral = { program: file('good', { mode: 0o755, mtime }) }
    writeTree(folders.source, tree)
    writeTree(folders.replica, tree)
    chmodSync(at('program'), 0o700)
    writeFileSync(at('program'), 'evil')
    utimesSync(at('program'), new Date(mtime), new Date(mtime))
    const plan = (): void => setCapability(join(folders.source, 'program'))
    const { changes } = await mirror(folders, setting, { on: { plan } })
    expect(changes.map(shownChange)).toEqual(['metadata program'])
    await mirror(folders, setting)
    expect([bytesOf('program'), modeOf('program')]).toEqual(['good', 0o755])
    expect(capabilitiesOf(at('program'))).toContain('security.capability')
    await expectNothingLeft(folders, setting)
  })
})

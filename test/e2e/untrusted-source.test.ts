/** What is not taken over from a source that is not trusted: what mounts leave out with `nosuid` and `nodev`. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isRoot } from '../support/entry-kind.js'
import {
  describeEachSetting,
  expectNothingLeft,
  mirror,
  settings,
  shownChange,
  useFolders,
} from '../support/mirror.js'
import { directory, fifo, file, hardLink } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders()
const owner = isRoot ? { uid: 65_534, gid: 65_534 } : {}
const preserve = { suid: false }

function modeOf(path: string): number {
  return statSync(join(folders.replica, path)).mode & 0o7777
}

describeEachSetting('without setuid and setgid', setting => {
  it('X09: files of an untrusted source run as nobody else, and nothing is left to do', async () => {
    const program = file('#!/bin/sh', { mode: 0o6755, ...owner })
    writeTree(folders.source, {
      program,
      again: hardLink('program'),
      sticky: file('s', { mode: 0o1644 }),
      group: directory({ inside: file('i', { mode: 0o4711 }) }, { mode: 0o2775 }),
    })
    // One that an earlier run took over.
    writeTree(folders.replica, { program })
    const { report } = await mirror(folders, setting, { preserve })
    expect(report.exitCode).toBe(0)
    expect(report.residuals.filter(({ attribute }) => attribute === 'setuid and setgid')).toEqual([])
    expect([modeOf('program'), modeOf('again'), modeOf('group/inside')]).toEqual([0o755, 0o755, 0o711])
    expect([modeOf('sticky'), modeOf('group')]).toEqual([0o1644, 0o2775])
    await expectNothingLeft(folders, setting, { preserve })
  })

  it('X09: without the option they are taken over', async () => {
    writeTree(folders.source, { program: file('p', { mode: 0o6755, ...owner }) })
    await mirror(folders, setting)
    expect(modeOf('program')).toBe(0o6755)
    const { changes } = await mirror(folders, setting, { preserve })
    expect(changes.map(shownChange)).toEqual(['metadata program'])
    expect(modeOf('program')).toBe(0o755)
  })
})

const native = settings.filter(({ held }) => held === 'libc')
const capability = '0x0100000200200000000000000000000000000000'

function capabilitiesOf(path: string): string {
  return execFileSync('getfattr', ['-d', '-m', '-', path], { encoding: 'latin1', stdio: 'pipe' })
}

describe.runIf(isRoot).each(native)(
  'of what only root can give (needs root) ($held, $concurrency)',
  setting => {
    it('X09: capabilities of programs are not taken over, nor kept', async () => {
      writeTree(folders.source, { a: 'a', b: 'b' })
      writeTree(folders.replica, { b: 'b' })
      for (const path of ['source/a', 'source/b', 'replica/b'])
        execFileSync('setfattr', ['-n', 'security.capability', '-v', capability, join(folders.path, path)])
      const { report } = await mirror(folders, setting, { preserve })
      expect([report.exitCode, report.residuals]).toEqual([0, []])
      expect(capabilitiesOf(join(folders.replica, 'a'))).toBe('')
      expect(capabilitiesOf(join(folders.replica, 'b'))).toBe('')
      await expectNothingLeft(folders, setting, { preserve })
      await mirror(folders, setting)
      expect(capabilitiesOf(join(folders.replica, 'a'))).toContain('security.capability')
    })

    it('X10: devices are left out, and FIFOs are not', async () => {
      writeTree(folders.source, { pipe: fifo(), d: {} })
      mkdirSync(folders.replica)
      spawnSync('mknod', [join(folders.source, 'd', 'memory'), 'c', '1', '1'])
      spawnSync('mknod', [join(folders.source, 'disk'), 'b', '7', '200'])
      expect(readdirSync(join(folders.source, 'd'))).toEqual(['memory'])
      const { report } = await mirror(folders, setting, { preserve: { devices: false } })
      expect([report.exitCode, report.residuals]).toEqual([0, []])
      expect(readdirSync(folders.replica).sort()).toEqual(['d', 'pipe'])
      expect(readdirSync(join(folders.replica, 'd'))).toEqual([])
      await expectNothingLeft(folders, setting, { preserve: { devices: false } })
      await mirror(folders, setting, { preserve: { specials: false } })
      expect(statSync(join(folders.replica, 'd', 'memory')).isCharacterDevice()).toBe(true)
    })
  },
)

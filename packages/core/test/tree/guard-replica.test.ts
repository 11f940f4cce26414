import { mkdirSync, statSync, symlinkSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { refuseForeignLinks, refuseSystemFolder } from '../../src/tree/guard-replica.js'
import { entryOfStats } from '../../src/tree/stat.js'

const temporary = useTemporaryDirectory()

describe('R10: a replica that is a folder of the system', () => {
  it.each(['/', '/home', '/etc', '/usr', '/usr/../home', '/tmp', '/proc', homedir()])(
    '%s is refused',
    path => {
      const entry = entryOfStats(statSync(path, { bigint: true }))
      expect(() => refuseSystemFolder(entry, path)).toThrow(/allowSystemReplica \(--allow-system-replica\)/)
    },
  )

  it('is not what lies in one, nor where people mount disks', () => {
    for (const path of [temporary.path, '/mnt', '/srv', '/opt', '/usr/share']) {
      const entry = entryOfStats(statSync(path, { bigint: true }))
      expect(() => refuseSystemFolder(entry, path)).not.toThrow()
    }
  })
})

describe('R08: the links on the way', () => {
  it('are followed as the system follows them', () => {
    const at = temporary.path
    mkdirSync(join(at, 'a', 'b'), { recursive: true })
    symlinkSync('a/b', join(at, 'down'))
    symlinkSync(join(at, 'down'), join(at, 'a', 'absolute'))
    symlinkSync('loop', join(at, 'loop'))
    symlinkSync('nowhere', join(at, 'dangling'))
    expect(refuseForeignLinks(join(at, 'down'))).toBe(join(at, 'a', 'b'))
    expect(refuseForeignLinks(`${at}/down/..//./absolute/`)).toBe(join(at, 'a', 'b'))
    expect(refuseForeignLinks('/')).toBe('/')
    expect(refuseForeignLinks(join(at, 'loop'))).toBeUndefined()
    expect(refuseForeignLinks(join(at, 'dangling', 'x'))).toBeUndefined()
  })
})

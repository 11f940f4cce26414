import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { isRoot } from '../../../../test/support/entry-kind.js'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { refuseForeignLinks, refuseSystemFolder } from '../../src/tree/guard-replica.js'
import { entryOfStats } from '../../src/tree/stat.js'

const temporary = useTemporaryDirectory()

function isRefused(path: string): boolean {
  try {
    refuseSystemFolder(entryOfStats(statSync(path, { bigint: true })), path)
    return false
  } catch {
    return true
  }
}

describe('R10: a replica that is a folder of the system', () => {
  it.each(['/', '/home', '/etc', '/usr', '/usr/../home', '/tmp', '/proc', homedir()])(
    '%s is refused',
    path => {
      const entry = entryOfStats(statSync(path, { bigint: true }))
      expect(() => refuseSystemFolder(entry, path)).toThrow(/allowSystemReplica \(--allow-system-replica\)/)
    },
  )

  it.skipIf(!isRoot)('is each home of a user, also over a link', () => {
    const home = mkdtempSync('/home/facsimile-')
    try {
      const link = join(temporary.path, 'link')
      symlinkSync(home, link)
      const entry = entryOfStats(statSync(home, { bigint: true }))
      for (const path of [home, link]) expect(() => refuseSystemFolder(entry, path)).toThrow(/home of a user/)
      mkdirSync(join(home, 'backup'))
      const below = entryOfStats(statSync(join(home, 'backup'), { bigint: true }))
      expect(() => refuseSystemFolder(below, join(link, 'backup'))).not.toThrow()
    } finally {
      rmSync(home, { recursive: true })
    }
  })

  it.skipIf(process.platform !== 'linux')('is the home of who called sudo', () => {
    const users = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map(line => line.split(':'))
    vi.stubEnv('SUDO_USER', '')
    const some = users.find(({ 5: home = '' }) => existsSync(home) && !isRefused(home))
    expect(some).toBeDefined()
    const [user = '', , , , , home = ''] = some ?? []
    vi.stubEnv('SUDO_USER', user)
    expect(isRefused(home)).toBe(true)
    vi.unstubAllEnvs()
  })

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

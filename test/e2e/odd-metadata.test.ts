/** Metadata that depends on where and when one runs, and must not. */
import { afterEach, expect, it, vi } from 'vitest'
import { compareTrees, expectEqualTrees } from '../support/compare-trees.js'
import { drive } from '../support/drive.js'
import { isRoot } from '../support/entry-kind.js'
import { hasAttributes } from '../support/extended-attributes.js'
import { describeEachWay, expectNothingLeft, mirror, settings, useFolders } from '../support/mirror.js'
import { directory, file, symlink } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders()

afterEach(() => {
  vi.useRealTimers()
})

describeEachWay('what this process is like has no influence:', setting => {
  it.each([0o000, 0o077, 0o777])('M13: a umask of %o', async umask => {
    writeTree(folders.source, {
      f: file('f', { mode: 0o666 }),
      d: directory({ g: file('g', { mode: 0o755 }), sub: directory({}, { mode: 0o2777 }) }, { mode: 0o777 }),
    })
    const before = process.umask(umask)
    try {
      expect((await mirror(folders, setting)).report.exitCode).toBe(0)
      await expectNothingLeft(folders, setting)
    } finally {
      process.umask(before)
    }
    expectEqualTrees(folders.source, folders.replica)
  })

  it.each(['1970-01-01', '1999-12-31', '2100-06-15'])('M14: a clock that says %s', async date => {
    writeTree(folders.source, { f: 'new', d: { g: 'g' } })
    writeTree(folders.replica, { f: 'older', gone: 'gone' })
    vi.useFakeTimers({ toFake: ['Date'], now: new Date(date) })
    expect((await mirror(folders, setting)).report.exitCode).toBe(0)
    expectEqualTrees(folders.source, folders.replica)
    vi.setSystemTime(new Date('2001-01-01'))
    await expectNothingLeft(folders, setting)
  })

  it.each([-1n, 1n])('M15: times thirty million years away are held, or said not to be: %d', async sign => {
    const mtime = sign * 10n ** 24n
    writeTree(folders.source, {
      f: file('f', { mtime }),
      d: directory({ g: file('g', { mtime }) }, { mtime }),
    })
    const { report } = await mirror(folders, setting)
    expect(report.exitCode).toBe(0)
    await expectNothingLeft(folders, setting)
    const isExact = compareTrees(folders.source, folders.replica).length === 0
    expect(report.residuals.some(({ attribute }) => attribute === 'times out of range')).toBe(!isExact)
  })

  it('M15: a time in the future', async () => {
    const mtime = new Date(Date.now() + 366 * 86_400_000).toISOString()
    writeTree(folders.source, {
      f: file('f', { mtime }),
      d: directory({ link: symlink('f', { mtime: '2200-01-01T00:00:00Z' }) }, { mtime }),
    })
    expect((await mirror(folders, setting)).report.exitCode).toBe(0)
    expectEqualTrees(folders.source, folders.replica)
    await expectNothingLeft(folders, setting)
  })
})

it.each(settings.slice(0, 1))('M14: nor has the time zone ($held)', async setting => {
  writeTree(folders.source, { f: 'f', d: { g: file('g', { mtime: '2026-03-29T01:30:00Z' }) } })
  for (const TZ of ['Pacific/Kiritimati', 'America/St_Johns', 'Europe/Berlin']) {
    const { report } = await drive(folders, setting, {}, { env: { TZ } })
    expect(report.changes.create.planned + report.changes.update.planned > 0).toBe(
      TZ === 'Pacific/Kiritimati',
    )
    expect(report.changes.metadata.planned).toBe(0)
  }
  expectEqualTrees(folders.source, folders.replica)
})

it
  .runIf(isRoot && hasAttributes)
  .each(settings.filter(({ held, concurrency }) => held === 'libc' && concurrency === 1))(
  'M09: a security label is held where the system lets it be set ($held, $concurrency)',
  async setting => {
    const label = { 'security.selinux': 'system_u:object_r:etc_t:s0\0' }
    writeTree(folders.source, { f: file('f', { xattrs: label }), d: directory({}, { xattrs: label }) })
    writeTree(folders.replica, { f: 'f' })
    expect((await mirror(folders, setting)).report.exitCode).toBe(0)
    expectEqualTrees(folders.source, folders.replica, { attributes: true })
    await expectNothingLeft(folders, setting)
  },
)

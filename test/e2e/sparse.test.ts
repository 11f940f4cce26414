/** Files with holes: they cost what their data costs, in time and in storage, and stay as they are. */
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { describeEachSetting, expectNothingLeft, mirror, settings, useFolders } from '../support/mirror.js'
import { canMake, fileSystems } from '../support/file-systems.js'
import { useFileSystem } from '../support/mounted.js'
import { canMount, useMounts } from '../support/mounts.js'
import { expectSparse, storageOf, type Stretch, writeSparse } from '../support/sparse-file.js'
import { expectEqualTrees } from '../support/compare-trees.js'

const folders = useFolders()
const mounts = useMounts()
const mib = 1 << 20
const gib = 1 << 30

function write(size: number, data: readonly Stretch[]): void {
  mkdirSync(folders.source, { recursive: true })
  writeSparse(join(folders.source, 'f'), size, data)
}

const inReplica = (): string => join(folders.replica, 'f')
const layouts: readonly (readonly [what: string, data: readonly Stretch[]])[] = [
  ['with a hole at its beginning', [[15 * mib, mib]]],
  [
    'with a hole in its middle',
    [
      [0, mib],
      [15 * mib, mib],
    ],
  ],
  ['with a hole at its end', [[0, mib]]],
  ['that is nothing but a hole', []],
]

describeEachSetting('a file with holes', setting => {
  it.each(layouts)('T11: %s keeps them, and a second run has nothing to do', async (_, data) => {
    write(16 * mib, data)
    const { report } = await mirror(folders, setting)
    expect([report.exitCode, report.bytes]).toEqual([0, 16 * mib])
    expectSparse(inReplica(), 16 * mib, data)
    expectEqualTrees(folders.source, folders.replica)
    await expectNothingLeft(folders, setting)
  })

  it.each(layouts)('%s is hashed and verified with them', async (_, data) => {
    write(16 * mib, data)
    const digests: (string | undefined)[] = []
    const { report } = await mirror(folders, setting, {
      hasher: 'sha256',
      verify: true,
      on: { outcome: ({ change, digest }) => void (change.path === 'f' && digests.push(digest)) },
    })
    const expected = createHash('sha256')
      .update(readFileSync(join(folders.source, 'f')))
      .digest('hex')
    expect([report.exitCode, digests]).toEqual([0, [expected]])
    expectSparse(inReplica(), 16 * mib, data)
  })

  it('is filled with zeros when holes are not to be kept', async () => {
    write(2 * mib, [])
    const { report } = await mirror(folders, setting, { preserve: { sparse: false } })
    expect(report.exitCode).toBe(0)
    expect(storageOf(inReplica())).toBeGreaterThanOrEqual(2 * mib)
    await expectNothingLeft(folders, setting)
  })

  it('takes the place of one without, and the other way round', async () => {
    write(16 * mib, [])
    mkdirSync(folders.replica)
    writeSparse(inReplica(), 16 * mib + 1, [[0, 16 * mib + 1]])
    await mirror(folders, setting)
    expectSparse(inReplica(), 16 * mib, [])
    write(16 * mib, [[0, 16 * mib]])
    await mirror(folders, setting)
    expect(storageOf(inReplica())).toBeGreaterThanOrEqual(16 * mib)
    expectEqualTrees(folders.source, folders.replica)
  })
})

describe.each(settings.filter(({ held }) => held === 'libc'))(
  '8 GiB of holes ($held, $concurrency)',
  setting => {
    const data: readonly Stretch[] = [[3 * gib + 5, mib]]

    it('T11: and a MiB of data are not read, but for the last byte', async () => {
      write(8 * gib, data)
      const { report, faults } = await mirror(folders, setting, {}, [
        { side: 'source', call: 'handle.read', path: 'f' },
      ])
      expect([report.exitCode, faults.struck]).toEqual([0, [1]])
      expectSparse(inReplica(), 8 * gib, data)
      await expectNothingLeft(folders, setting)
    })
  },
)

describe.skipIf(!canMount)('a small disk (needs mount)', () => {
  it.each(settings)('has room for a file that is nearly all hole ($held, $concurrency)', async setting => {
    write(gib, [[gib - mib, mib]])
    mkdirSync(folders.replica)
    mounts.tmpfs(folders.replica, 'size=4m')
    const { report } = await mirror(folders, setting)
    expect(report.exitCode).toBe(0)
    expectSparse(inReplica(), gib, [[gib - mib, mib]])
  })

  it.each(settings.flatMap(setting => [[5 * mib, true, setting] as const, [mib, false, setting] as const]))(
    'that has none for %i bytes of data, holes kept: %s, is left alone (%o)',
    async (length, sparse, setting) => {
      write(gib, [[gib - length, length]])
      mkdirSync(folders.replica)
      mounts.tmpfs(folders.replica, 'size=4m')
      const { report } = await mirror(folders, setting, { preserve: { sparse } })
      expect([report.exitCode, report.changes.create.done]).toEqual([11, 0])
    },
  )
})

const mountable = fileSystems.filter(canMake)
const [keepsHoles, fillsHoles] = [true, false].map(each =>
  mountable.filter(({ keeps }) => keeps.holes === each),
)

describe.each(keepsHoles ?? [])('on $name', fileSystem => {
  const mounted = useFileSystem(fileSystem)

  it.each(layouts)('a file %s keeps it', async (_, data) => {
    const copy = await mirrorTo(mounted.path, data)
    expectSparse(copy, 16 * mib, data)
  })
})

describe.each(fillsHoles ?? [])('on $name, which has no holes,', fileSystem => {
  const mounted = useFileSystem(fileSystem)

  it.each(layouts)('a file %s is as long, and holds the same', async (_, data) => {
    const copy = await mirrorTo(mounted.path, data)
    expect(readFileSync(copy).equals(readFileSync(join(folders.source, 'f')))).toBe(true)
    // There is not room for many of them.
    rmSync(copy)
  })
})

/** Mirrors a file to a new folder of a file system, and returns where its copy is. */
async function mirrorTo(root: string, data: readonly Stretch[]): Promise<string> {
  write(16 * mib, data)
  const replica = mkdtempSync(join(root, 'test-'))
  const to = { path: folders.path, source: folders.source, replica }
  const { report } = await mirror(to, { held: 'libc', concurrency: 1 })
  expect(report.problems).toEqual([])
  return join(replica, 'f')
}
